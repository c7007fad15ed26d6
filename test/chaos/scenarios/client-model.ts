/** Runs the typed client on random schedules and checks its views, its outbox and its state against the server. */

import { clientModelSettings, explore, reportFailure } from '../client-model/explore.ts';
import type { Scenario } from '../harness/scenario.ts';

interface Size {
  schedules: number;
  /** Of each schedule. */
  steps: number;
}

const concurrentSchedules = 4;
const shrinkMs = 40_000;

export const clientModel: Scenario<Size> = {
  name: 'client model',
  sizes: {
    short: { schedules: 4, steps: 40 },
    middle: { schedules: 20, steps: 40 },
    full: { schedules: 100, steps: 40 },
  },
  settings: clientModelSettings,
  async run({ seed, size, runtime, log }) {
    const failures = await explore({
      runtime,
      // Random seeds of the scenario that follow each other run different schedules.
      firstSeed: (seed - 1) * size.schedules + 1,
      runs: size.schedules,
      length: size.steps,
      atOnce: concurrentSchedules,
    });
    for (const failure of failures) log(await reportFailure(runtime, failure, shrinkMs / failures.length));
    return { done: { schedules: size.schedules }, wrong: { failedSchedules: failures.length } };
  },
};
