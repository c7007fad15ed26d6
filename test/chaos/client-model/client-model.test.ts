/**
 * The client against the real runtime, in random schedules. `CLIENT_MODEL_RUNS`, `CLIENT_MODEL_SEED` and
 * `CLIENT_MODEL_STEPS` change their number, first random seed and length, for example
 * `CLIENT_MODEL_RUNS=200 npm test -- test/chaos/client-model`.
 */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { quickBuild } from '../harness/quick-build.ts';
import { startFaulty, type FaultyRuntime } from '../harness/runtime.ts';
import { clientModelSettings, explore, reportFailure } from './explore.ts';

const numberOf = (variable: string, otherwise: number): number => Number(process.env[variable] ?? otherwise);
const runs = numberOf('CLIENT_MODEL_RUNS', 4);
// Schedules from this seed on have high latencies and change users.
const firstSeed = numberOf('CLIENT_MODEL_SEED', 6);
const length = numberOf('CLIENT_MODEL_STEPS', 40);
const reportMs = numberOf('CLIENT_MODEL_SHRINK_SECONDS', 40) * 1_000;

let runtime: FaultyRuntime;
beforeAll(async () => {
  runtime = await startFaulty({ ...clientModelSettings, replacements: quickBuild });
});
afterAll(() => runtime.stop());

it.each([
  ['', false],
  [' over a socket that the tabs of a device share', true],
])(
  'the client stores every text once, in order, in its room and as its author, and each view ends live or closed with a reason%s',
  { timeout: 120_000 + runs * 60_000 },
  async (_, sharesConnection) => {
    const failures = await explore({ runtime, firstSeed, runs, length, atOnce: 4, sharesConnection });
    const reports: string[] = [];
    for (const failure of failures) {
      reports.push(await reportFailure(runtime, failure, reportMs / failures.length));
    }
    expect(reports.join('\n\n')).toBe('');
  },
);
