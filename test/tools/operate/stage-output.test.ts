import { describe, expect, it } from 'vitest';
import { outputOfStage } from '../../../tools/operate/stage-output.ts';
import { openStage } from '../../../tools/redrive/target.ts';
import { fakeAws } from './fake-aws.ts';

const deployed = {
  'ServerlessChat-dev': { status: 'CREATE_COMPLETE', outputs: { FailureBucketName: 'failures' } },
};
const openApi = () => Promise.resolve(fakeAws({ stacks: deployed }).api);

describe('an output of a stage', () => {
  it('is read from its stack', async () => {
    expect(await outputOfStage('dev', 'FailureBucketName', openApi)).toBe('failures');
  });

  it.each([
    ['staging', 'FailureBucketName'],
    ['dev', 'TableName'],
  ])('is refused when the stack of %s does not exist or has no %s', async (stage, key) => {
    await expect(outputOfStage(stage, key, openApi)).rejects.toThrow(
      `The stack ServerlessChat-${stage} is not in eu-central-1, or has no output ${key}.`,
    );
  });

  it('is refused for an unknown stage before AWS is asked, also by redrive', async () => {
    await expect(openStage('sandbox')).rejects.toThrow('There is no stage "sandbox" to deploy');
  });
});
