import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokenClients } from '../chaos/client-model/broken-clients.ts';
import { clientModelSettings, explore } from '../chaos/client-model/explore.ts';
import { quickBuild } from '../chaos/harness/quick-build.ts';
import { startFaulty, type FaultyRuntime } from '../chaos/harness/runtime.ts';

let runtime: FaultyRuntime;
beforeAll(async () => {
  runtime = await startFaulty({ ...clientModelSettings, replacements: quickBuild });
});
afterAll(() => runtime.stop());

/** Schedules for each client: some defects do not show in the first one. */
const runs = 4;

describe('the model finds a client that', { timeout: 180_000 }, () => {
  const clients = brokenClients.map((client) => [client.what, client] as const);
  it.sequential.each(clients)('%s', async (_what, { breaks, breakage, firstSeed = 1 }) => {
    const failures = await explore({ runtime, firstSeed, runs, length: 40, atOnce: runs, breakage });
    const broken = failures.flatMap(({ violations }) => violations.map(({ invariant }) => invariant));
    expect(broken).toContain(breaks);
  });
});
