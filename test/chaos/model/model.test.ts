import { describe, expect, it } from 'vitest';
import type { ModuleReplacement } from '../harness/replaced-modules.ts';
import { runModelScenarios } from '../scenarios/server-model.ts';
import type { Command, ModelScenario } from './commands.ts';
import { modelDefects, modelRegressions } from './defects.ts';
import { loadRunScenario } from './load-scenario.ts';

const ordersTried = 60;
/** Some defects show in few of the orders. */
const ordersSearched = 1_000;

/** Returns the random seed of the first order of the steps that has a wrong result; undefined when there is none. */
async function findFailingSeed(
  commands: Command[],
  replacements: ModuleReplacement[],
  orders: number,
): Promise<number | undefined> {
  const runScenario = await loadRunScenario(replacements);
  for (let seed = 1; seed <= orders; seed += 1) {
    const scenario: ModelScenario = { commands, seed };
    if ((await runScenario(scenario)).divergences.length > 0) return seed;
  }
  return undefined;
}

const runWithSeed = (seed: number) => runModelScenarios(seed, { scenarios: 4, commands: 20 });

describe('the model', { timeout: 120_000 }, () => {
  it.each(modelDefects)('finds $defect', async ({ replacement }) => {
    const { divergence } = await runModelScenarios(1, { scenarios: 60, commands: 40 }, [replacement]);
    expect(divergence).toBeDefined();
  });

  it('runs the same scenarios for the same random seed', async () => {
    const first = await runWithSeed(7);
    expect(await runWithSeed(7)).toEqual(first);
    expect((await runWithSeed(8)).facts).not.toEqual(first.facts);
  });
});

describe('the server that the model runs', { timeout: 120_000 }, () => {
  it.each(modelRegressions)('$behavior', async ({ commands, replacement }) => {
    expect(await findFailingSeed(commands, [], ordersTried)).toBeUndefined();
    expect(await findFailingSeed(commands, [replacement], ordersSearched)).toBeDefined();
  });
});
