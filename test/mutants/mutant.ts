/** Tests mutants: builds with one deliberate defect each, which a scenario must find. */

import { afterAll, describe, expect, it } from 'vitest';
import { quickBuild } from '../chaos/harness/quick-build.ts';
import { mergeReplacements, type ModuleReplacement } from '../chaos/harness/replaced-modules.ts';
import { createRunner } from '../chaos/harness/runner.ts';
import { isShown, type Scenario } from '../chaos/harness/scenario.ts';

export interface Mutant {
  /** Completes "a mutant is found when it …". */
  defect: string;
  replacement: ModuleReplacement;
  scenario: Scenario<any>;
  /** Replaces values of the short size. */
  adjust?: Record<string, number>;
  /** The counts of the scenario that the defect raises above zero. */
  shownBy: readonly string[];
}

/** Declares one test for each mutant. They share a runtime, and so run one after the other. */
export function testMutants(mutants: readonly Mutant[]): void {
  const runner = createRunner();
  afterAll(() => runner.close());

  describe('a mutant is found', { timeout: 120_000 }, () => {
    it.sequential.each(mutants)('when it $defect', async ({ scenario, adjust, replacement, shownBy }) => {
      const { counts } = await runner.run(scenario, {
        seed: 1,
        size: 'short',
        ...(adjust && { adjust }),
        replacements: mergeReplacements([replacement], quickBuild),
      });
      expect(shownBy.filter((count) => isShown(counts, count))).toEqual(shownBy);
    });
  });
}
