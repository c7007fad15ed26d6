import { afterAll, describe, expect, it } from 'vitest';
import { quickBuild } from '../chaos/harness/quick-build.ts';
import { createRunner } from '../chaos/harness/runner.ts';
import { brokenBuilds } from './builds.ts';

const runner = createRunner();
afterAll(() => runner.close());

describe('the scenarios find a build', { timeout: 120_000 }, () => {
  it.sequential.each(brokenBuilds)('whose $whose', async ({ scenario, adjust, patches, shownBy }) => {
    const { counts } = await runner.run(scenario, {
      seed: 1,
      size: 'short',
      adjust: { patienceMs: 3_500, ...adjust },
      patches: [...quickBuild, ...patches],
    });
    const shown = shownBy.filter((count) => counts.wrong[count] !== 0);
    expect(shown).toEqual(shownBy);
  });

  it('only if its patch fits the source, and fail otherwise', async () => {
    const patches = [{ file: 'shared/realtime/fan-out.ts', find: 'what is not there', replace: '' }];
    const { scenario } = brokenBuilds[0]!;
    await expect(runner.run(scenario, { seed: 1, size: 'short', patches })).rejects.toThrow('exactly once');
  });
});
