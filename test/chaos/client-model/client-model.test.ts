/**
 * The client against the real runtime, by random schedules. `CLIENT_MODEL_RUNS`, `CLIENT_MODEL_SEED` and
 * `CLIENT_MODEL_STEPS` make it longer: `CLIENT_MODEL_RUNS=200 npm test -- test/faults/client-model`.
 */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { quickBuild } from '../harness/quick-build.ts';
import { startFaulty, type FaultyRuntime } from '../harness/runtime.ts';
import { clientModelSettings, explore, reportFailure } from './explore.ts';

const numberOf = (variable: string, otherwise: number): number => Number(process.env[variable] ?? otherwise);
const runs = numberOf('CLIENT_MODEL_RUNS', 4);
// From here on schedules are slow, and tabs change their users.
const firstSeed = numberOf('CLIENT_MODEL_SEED', 6);
const length = numberOf('CLIENT_MODEL_STEPS', 40);
const reportMs = numberOf('CLIENT_MODEL_SHRINK_SECONDS', 40) * 1_000;

let runtime: FaultyRuntime;
beforeAll(async () => {
  runtime = await startFaulty({ ...clientModelSettings, replacements: quickBuild });
});
afterAll(() => runtime.stop());

it(
  'keeps every text in its room, by its author, once and in order, and every view in a definite state',
  { timeout: 120_000 + runs * 60_000 },
  async () => {
    const failures = await explore({ runtime, firstSeed, runs, length, atOnce: 4 });
    const reports: string[] = [];
    for (const failure of failures) {
      reports.push(await reportFailure(runtime, failure, reportMs / failures.length));
    }
    expect(reports.join('\n\n')).toBe('');
  },
);
