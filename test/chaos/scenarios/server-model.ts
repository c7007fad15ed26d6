/**
 * The model: scenarios of three people, drawn by fast-check, told with the real rules, storage and realtime code over a
 * table in memory, and compared with the truth after every step.
 */
import * as fc from 'fast-check';
import type { ModuleReplacement } from '../harness/replaced-modules.ts';
import type { Scenario } from '../harness/scenario.ts';
import { scenarios, type ModelScenario } from '../model/commands.ts';
import { loadRunScenario } from '../model/load-scenario.ts';

interface Size {
  scenarios: number;
  /** In one scenario, at most. */
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
    const { divergence, told, facts } = await runModelScenarios(seed, size);
    if (divergence !== undefined) log(divergence);
    return {
      done: { scenarios: told, ...facts },
      wrong: { divergences: divergence === undefined ? 0 : 1 },
    };
  },
};

export interface Telling {
  /** A scenario that went wrong, and how. */
  divergence: string | undefined;
  told: number;
  facts: Record<string, number>;
}

/** Tells that many scenarios, or until one goes wrong; with pieces of the code replaced, if asked to. */
export async function runModelScenarios(
  seed: number,
  { scenarios: count, commands }: Size,
  replacements: readonly ModuleReplacement[] = [],
): Promise<Telling> {
  const runScenario = await loadRunScenario(replacements);
  const facts: Record<string, number> = {};
  const telling = await fc.check(
    fc.asyncProperty(scenarios(commands), async (scenario: ModelScenario) => {
      const outcome = await runScenario(scenario);
      for (const [name, value] of Object.entries(outcome.facts)) facts[name] = (facts[name] ?? 0) + value;
      if (outcome.divergences.length > 0) throw new Error(outcome.divergences.join('; '));
    }),
    // Finding the shortest such scenario takes minutes: FAULTS_SHRINK=1 asks for it.
    { numRuns: count, seed, endOnFailure: process.env['FAULTS_SHRINK'] === undefined },
  );
  if (!telling.failed) return { divergence: undefined, told: telling.numRuns, facts };
  const { errorInstance: error, counterexample } = telling;
  const cause = error instanceof Error ? error.message : String(error);
  return { divergence: `${cause}: ${JSON.stringify(counterexample?.[0])}`, told: telling.numRuns, facts };
}
