import { afterAll, describe, expect, it } from 'vitest';
import { quickBuild } from './harness/quick-build.ts';
import { createRunner } from './harness/runner.ts';
import { scenarios } from './scenarios.ts';

const runner = createRunner();
afterAll(() => runner.close());

describe('however it fails', { timeout: 120_000 }, () => {
  it.sequential.each(scenarios)('$name', async (scenario) => {
    const { counts, wrong } = await runner.run(scenario, { seed: 1, size: 'short', patches: quickBuild });
    expect(wrong, JSON.stringify(counts)).toEqual([]);
  });
});
