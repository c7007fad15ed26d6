import { afterAll, describe, expect, it } from 'vitest';
import { createRunner } from '../chaos/harness/runner.ts';
import { oneOrder } from '../chaos/scenarios/one-order.ts';
import { logMutants } from './log-mutants.ts';
import { testMutants } from './mutant.ts';
import { replacing } from './replacing.ts';

testMutants(logMutants);

describe('a build', () => {
  const runner = createRunner();
  afterAll(() => runner.close());

  it('fails when a module that should be replaced is part of no bundle', async () => {
    const replacements = [replacing('local/log.ts', 'never-fill-gaps.ts')];
    await expect(runner.run(oneOrder, { seed: 1, size: 'short', replacements })).rejects.toThrow(
      'A module to replace is part of no bundle: local/log.ts',
    );
  });
});
