/** Declares the short form of scenarios as tests, which run one after the other on runtimes of their own. */

import { afterAll, describe, expect, it } from 'vitest';
import { quickBuild } from '../harness/quick-build.ts';
import { createRunner } from '../harness/runner.ts';
import type { Scenario } from '../harness/scenario.ts';

export function keepPromises(scenarios: readonly Scenario<any>[]): void {
  const runner = createRunner();
  afterAll(() => runner.close());

  describe('while parts fail, the system keeps its promise:', { timeout: 120_000 }, () => {
    it.sequential.each(scenarios)('$name', async (scenario) => {
      const { counts } = await runner.run(scenario, { seed: 1, size: 'short', replacements: quickBuild });
      expect(counts.wrong).toEqual(allZero(counts.wrong));
    });
  });
}

/** Compared as a whole, so that a failure names every count that is not zero. */
function allZero(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.keys(counts).map((name) => [name, 0]));
}
