/**
 * Throttles 30 % of the posts to one room, delays 5 %, answers 5 % as if the socket were gone and fails 5 %. The
 * senders are answered, the clients catch up with what they missed, and another room is not affected.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { checkFixtures, openRoomFixture } from '../harness/room-fixture.ts';
import { plainClient } from '../harness/plain-client.ts';
import { seeded } from '../harness/random.ts';
import type { FaultRule } from '../harness/rules.ts';
import type { Scenario } from '../harness/scenario.ts';
import { steadyClient } from '../harness/steady-client.ts';
import type { SteadyClient } from '../harness/steady-client-interface.ts';

interface Size {
  clients: number;
  sendsPerClient: number;
  /** Clients that read the whole history while posts fail. */
  newcomers: number;
  patienceMs: number;
}

export const name = 'slow, gone and throttled sockets';

export const sizes = {
  short: { clients: 4, sendsPerClient: 4, newcomers: 3, patienceMs: 30_000 },
  middle: { clients: 6, sendsPerClient: 8, newcomers: 3, patienceMs: 60_000 },
  full: { clients: 8, sendsPerClient: 20, newcomers: 4, patienceMs: 90_000 },
};

/** Longer than the functions wait for a post. */
const hangMs = 6_000;

export function postFaults(seed: number, roomId: string): FaultRule[] {
  const rule = (id: string, part: Partial<FaultRule> & Pick<FaultRule, 'action'>): FaultRule => ({
    id,
    point: 'connections',
    seed: `${seed}/${id}`,
    match: { method: 'POST', contains: roomId },
    ...part,
  });
  return [
    rule('gone', { action: 'fail', status: 410, probability: 0.05 }),
    rule('failed', { action: 'fail', status: 500, probability: 0.05 }),
    rule('throttled', { action: 'fail', status: 429, probability: 0.3 }),
    // Delivered when the function no longer waits for the answer.
    rule('hanging', { action: 'delay', delayMs: hangMs, probability: 0.05 }),
  ];
}

async function sendAll(clients: readonly SteadyClient[], seed: number, count: number): Promise<number> {
  const outcomes = await Promise.all(
    clients.map(async (client, index) => {
      const random = seeded(seed, client.person.username.length, index);
      let givenUp = 0;
      for (let sending = 0; sending < count; sending += 1) {
        const over = random.chance(0.3) ? 'http' : 'socket';
        const content = `${client.person.username} says ${sending}`;
        if (!(await client.send({ content, clientId: `c${sending}`, over }, 90_000))) givenUp += 1;
        await delay(random.integer(0, 50));
      }
      return givenUp;
    }),
  );
  return outcomes.reduce((sum, givenUp) => sum + givenUp, 0);
}

export const failingSockets: Scenario<Size> = {
  name,
  sizes,
  async run({ seed, size, runtime }) {
    const disturbed = await openRoomFixture(runtime, size.clients);
    const calm = await openRoomFixture(runtime, 2);
    // This client requests no history: what it receives was posted to it.
    const subscriber = plainClient({
      webSocketUrl: runtime.webSocketUrl,
      access: calm.clients[0]!.person.access,
      room: calm.room.room_name,
    });
    await subscriber.enter('history=0');
    await runtime.rules.add(...postFaults(seed, disturbed.room.room_id));
    const calmSends = size.sendsPerClient * 4;
    const [disturbedGivenUp, calmGivenUp] = await Promise.all([
      sendAll(disturbed.clients, seed, size.sendsPerClient),
      sendAll(calm.clients, seed, calmSends),
    ]);
    const { url, webSocketUrl } = runtime;
    const { room } = disturbed;
    for (let newcomer = 0; newcomer < size.newcomers; newcomer += 1) {
      const { person } = disturbed.clients[newcomer % size.clients]!;
      disturbed.clients.push(steadyClient({ url, webSocketUrl, person, room }));
    }
    await Promise.all(disturbed.clients.map(({ entered }) => entered));
    const fired = await runtime.rules.countFired();
    const countReceived = (): number =>
      new Set(
        subscriber.record
          .filter(({ event }) => event.type === 'chat_message')
          .map(({ event }) => event['seq']),
      ).size;
    const until = Date.now() + size.patienceMs;
    const calmMessages = 2 * calmSends;
    while (countReceived() < calmMessages && Date.now() < until) await delay(50);
    const counts = await checkFixtures(runtime, [disturbed, calm], size.patienceMs);
    await subscriber.close();
    counts.done['troubledPosts'] = fired;
    Object.assign(counts.wrong, {
      givenUp: disturbedGivenUp + calmGivenUp,
      // In the calm room, each message is acknowledged at the first attempt and received live.
      othersNotReceived: calmMessages - countReceived(),
      othersRepeated: calm.clients.reduce((sum, { efforts }) => sum + efforts.repeats, 0),
    });
    return counts;
  },
};
