/**
 * Runs random commands of three users with the real domain, storage and realtime code over an in-memory table, and
 * compares the result with the expected state after every step.
 */
import * as fc from 'fast-check';
import type { ModuleReplacement } from '../harness/replaced-modules.ts';
import type { Scenario } from '../harness/scenario.ts';
import { scenarios, type ModelScenario } from '../model/commands.ts';
import { loadRunScenario } from '../model/load-scenario.ts';

interface Size {
  scenarios: number;
  /** The maximum in one scenario. */
  commands: number;
}

export const serverModel: Scenario<Size> = {
  name: 'server model',
  sizes: {
    short: { scenarios: 40, commands: 40 },
    middle: { scenarios: 200, commands: 100 },
    full: { scenarios: 1_000, commands: 100 },
  },
  async run({ seed, size, log }) {
    const { divergence, runs, facts } = await runModelScenarios(seed, size);
    if (divergence !== undefined) log(divergence);
    return {
      done: { scenarios: runs, ...facts },
      wrong: { divergences: divergence === undefined ? 0 : 1 },
    };
  },
};

export interface ModelResult {
  /** The first scenario with a wrong result, and what was wrong. */
  divergence: string | undefined;
  runs: number;
  facts: Record<string, number>;
}

/** Runs that many scenarios, or until one has a wrong result, with the given modules replaced. */
export async function runModelScenarios(
  seed: number,
  { scenarios: count, commands }: Size,
  replacements: readonly ModuleReplacement[] = [],
): Promise<ModelResult> {
  const runScenario = await loadRunScenario(replacements);
  const facts: Record<string, number> = {};
  const result = await fc.check(
    fc.asyncProperty(scenarios(commands), async (scenario: ModelScenario) => {
      const outcome = await runScenario(scenario);
      for (const [name, value] of Object.entries(outcome.facts)) facts[name] = (facts[name] ?? 0) + value;
      if (outcome.divergences.length > 0) throw new Error(outcome.divergences.join('; '));
    }),
    // Finding the shortest such scenario takes minutes, so it is done only when CHAOS_SHRINK is set.
    { numRuns: count, seed, endOnFailure: process.env['CHAOS_SHRINK'] === undefined },
  );
  if (!result.failed) return { divergence: undefined, runs: result.numRuns, facts };
  const { errorInstance: error, counterexample } = result;
  const cause = error instanceof Error ? error.message : String(error);
  return { divergence: `${cause}: ${JSON.stringify(counterexample?.[0])}`, runs: result.numRuns, facts };
}
