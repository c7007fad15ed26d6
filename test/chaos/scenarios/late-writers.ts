/**
 * Delays writers between taking a seq and storing the entry, until a reader has filled the gap. Each writer takes
 * another seq and is acknowledged with it. A deployed function does not run long enough to be that late, so gaps are
 * old after less than a second here.
 */

import { checkFixtures, openRoomFixture } from '../harness/room-fixture.ts';
import { sendFromAll } from '../harness/load.ts';
import { countOf, type Scenario } from '../harness/scenario.ts';

interface Size {
  clients: number;
  sendsPerClient: number;
  lateWriters: number;
  patienceMs: number;
}

export const name = 'a late writer takes another seq';

export const sizes = {
  short: { clients: 3, sendsPerClient: 6, lateWriters: 4, patienceMs: 15_000 },
  middle: { clients: 5, sendsPerClient: 20, lateWriters: 20, patienceMs: 30_000 },
  full: { clients: 8, sendsPerClient: 60, lateWriters: 100, patienceMs: 30_000 },
};

export const lateWriters: Scenario<Size> = {
  name,
  sizes,
  replacements: [
    { module: 'shared/domain/thresholds.ts', by: 'test/chaos/modules/late-writer-thresholds.ts' },
  ],
  async run({ seed, size, runtime }) {
    const fixture = await openRoomFixture(runtime, size.clients, { pingEveryMs: 250 });
    const { room, clients } = fixture;
    await runtime.rules.add(
      ...['PutItem', 'TransactWriteItems'].map((operation) => ({
        id: operation,
        point: 'database' as const,
        action: 'delay' as const,
        // Shorter than the functions' timeout for requests to the database.
        delayMs: 1_700,
        probability: 0.3,
        count: size.lateWriters / 2,
        seed: `${seed}/${operation}`,
        match: { operation, contains: `LOG#${room.room_id}` },
      })),
    );
    const { sendsPerClient } = size;
    const givenUp = await sendFromAll(clients, { seed, sendsPerClient, overHttp: 0.3 });
    const delayed = await runtime.rules.countFired();
    const counts = await checkFixtures(runtime, [fixture], size.patienceMs);
    counts.done['delayed'] = delayed;
    counts.wrong['givenUp'] = givenUp;
    counts.wrong['untested'] = countOf(counts.done, 'voidEntries') === 0 ? 1 : 0;
    return counts;
  },
};
