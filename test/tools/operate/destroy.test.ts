/** The deletion of a stage's stack. */
import { describe, expect, it } from 'vitest';
import { destroy } from '../../../tools/operate/destroy/destroy.ts';
import { fakeAws, type FakeStack } from './fake-aws.ts';

const stackName = 'ServerlessChat-prod';

async function destroyStack(
  stack: FakeStack | undefined,
  { yes, stage }: { yes: string | undefined; stage: string } = { yes: stackName, stage: 'prod' },
) {
  const aws = fakeAws({ stacks: stack === undefined ? {} : { [stackName]: stack } });
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  const outcome = await destroy(
    { stage, yes, pollMs: 1, timeoutMs: 200 },
    { terminal: { print, printError: print }, openAwsApi: async () => aws.api },
  ).catch((error: unknown) => error);
  return { message: outcome instanceof Error ? outcome.message : undefined, lines, ...aws };
}

describe('the deletion of a stack', () => {
  it('removes the protection of the stack, deletes it, and waits until it is gone', async () => {
    const { message, account, lines } = await destroyStack({
      status: 'UPDATE_COMPLETE',
      isProtected: true,
      outputs: { TableName: 'table-1' },
      deletion: ['DELETE_IN_PROGRESS', 'DELETE_IN_PROGRESS'],
    });
    expect(message).toBeUndefined();
    expect(account.stacks).toEqual({});
    expect(lines.at(-1)).toBe(
      'ServerlessChat-prod is deleted. Its table table-1, secrets and logs were kept.',
    );
  });

  it('is the way out of a first deployment that failed', async () => {
    const { message, account } = await destroyStack({
      status: 'ROLLBACK_COMPLETE',
      deletion: ['DELETE_IN_PROGRESS'],
    });
    expect(message).toBeUndefined();
    expect(account.stacks).toEqual({});
  });

  it('reports the resources that could not be deleted', async () => {
    const { message } = await destroyStack({
      status: 'UPDATE_COMPLETE',
      deletion: ['DELETE_FAILED'],
      failures: { Bucket: 'The bucket is not empty' },
    });
    expect(message).toBe('ServerlessChat-prod could not be deleted. Bucket: The bucket is not empty');
  });

  it('gives up waiting after its time', async () => {
    const deletion = Array.from({ length: 10_000 }, () => 'DELETE_IN_PROGRESS');
    const { message } = await destroyStack({ status: 'UPDATE_COMPLETE', deletion });
    expect(message).toContain('is still DELETE_IN_PROGRESS');
  });

  it.each([
    ['without a confirmation', 'prod', undefined, 'ServerlessChat-prod'],
    ['with the name of another stack', 'prod', 'ServerlessChat-dev', 'Nothing was deleted.'],
    ['of an unknown stage', 'live', stackName, 'There is no stage "live"'],
  ])('is refused %s, before AWS is called', async (_, stage, yes, expected) => {
    const { message, requests } = await destroyStack({ status: 'UPDATE_COMPLETE' }, { yes, stage });
    expect(message).toContain(expected);
    expect(requests).toEqual([]);
  });

  it('is refused for a stack that does not exist', async () => {
    expect((await destroyStack(undefined)).message).toBe(
      'The stack ServerlessChat-prod does not exist in eu-central-1.',
    );
  });
});
