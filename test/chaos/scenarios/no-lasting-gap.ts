/**
 * Kills writers between taking a seq and storing the entry. Once a reader passes such a gap, it is filled with a void
 * entry within 30 seconds, and no client is left waiting.
 */

import { checkFixtures, openRoomFixture } from '../harness/room-fixture.ts';
import { watchGaps } from '../harness/gap-watch.ts';
import { sendFromAll } from '../harness/load.ts';
import type { FaultRule } from '../harness/rules.ts';
import type { Scenario } from '../harness/scenario.ts';

interface Size {
  clients: number;
  sendsPerClient: number;
  /** Writers killed at each of the points between the two steps. */
  killsPerPoint: number;
  probability: number;
  patienceMs: number;
}

export const name = 'no gap that lasts';

export const sizes = {
  short: { clients: 3, sendsPerClient: 8, killsPerPoint: 2, probability: 0.3, patienceMs: 15_000 },
  middle: { clients: 5, sendsPerClient: 40, killsPerPoint: 5, probability: 0.1, patienceMs: 45_000 },
  full: { clients: 8, sendsPerClient: 150, killsPerPoint: 15, probability: 0.06, patienceMs: 45_000 },
};

const maxGapMs = 30_000;

/** Returns rules that kill a writer which has taken its seq and has not stored the entry. */
export function killsBeforeEntry(
  seed: number,
  roomId: string,
  { killsPerPoint: count, probability }: Size,
): FaultRule[] {
  return ['message', 'chat'].flatMap((functionName) =>
    [
      { operation: 'UpdateItem', phase: 'after' as const, contains: `ROOM#${roomId}` },
      { operation: 'PutItem', phase: 'before' as const, contains: `LOG#${roomId}` },
      { operation: 'TransactWriteItems', phase: 'before' as const, contains: `LOG#${roomId}` },
    ].map((match): FaultRule => {
      const id = `${functionName}-${match.operation}`;
      return {
        id,
        point: 'database',
        action: 'kill',
        match: { function: functionName, ...match },
        count,
        probability,
        seed: `${seed}/${id}`,
      };
    }),
  );
}

export const noLastingGap: Scenario<Size> = {
  name,
  sizes,
  async run({ seed, size, runtime }) {
    const fixture = await openRoomFixture(runtime, size.clients);
    const { room, clients } = fixture;
    await runtime.rules.add(...killsBeforeEntry(seed, room.room_id, size));
    const watch = watchGaps(runtime.table, room.room_id);
    const { sendsPerClient } = size;
    const givenUp = await sendFromAll(clients, { seed, sendsPerClient, overHttp: 0.5 });
    const kills = await runtime.rules.countFired();
    const counts = await checkFixtures(runtime, [fixture], size.patienceMs);
    const { gaps, maxMs } = await watch.stop();
    Object.assign(counts.done, { kills, gaps, longestGapMs: maxMs });
    Object.assign(counts.wrong, {
      givenUp,
      tooLong: maxMs > maxGapMs ? 1 : 0,
      // A run without gaps proves nothing.
      untested: gaps === 0 ? 1 : 0,
    });
    return counts;
  },
};
