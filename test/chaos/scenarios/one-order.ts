/**
 * Reorders, delays, duplicates and drops frames on their way to the sockets while clients write, edit and delete. In
 * the end the view of every client and the history equal the room's log.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { checkFixtures, openRoomFixture, type RoomFixture } from '../harness/room-fixture.ts';
import { request } from '../harness/people.ts';
import { seeded, type Random } from '../harness/random.ts';
import type { FaultRule } from '../harness/rules.ts';
import type { Scenario } from '../harness/scenario.ts';
import type { SteadyClient } from '../harness/steady-client-interface.ts';
import type { FaultyRuntime } from '../harness/runtime.ts';

interface Size {
  clientsPerRoom: number;
  stepsPerClient: number;
  patienceMs: number;
}

export const name = 'one order';

export const sizes = {
  short: { clientsPerRoom: 3, stepsPerClient: 12, patienceMs: 20_000 },
  middle: { clientsPerRoom: 6, stepsPerClient: 60, patienceMs: 45_000 },
  full: { clientsPerRoom: 10, stepsPerClient: 200, patienceMs: 45_000 },
};

/** Returns rules that disturb the frames of one room. */
export function frameFaults(seed: number, roomId: string, { loses }: { loses: boolean }): FaultRule[] {
  const rule = (id: string, part: Partial<FaultRule> & Pick<FaultRule, 'action'>): FaultRule => ({
    id: `${id}-${roomId}`,
    point: 'connections',
    seed: `${seed}/${id}`,
    match: { method: 'POST', contains: roomId },
    ...part,
  });
  return [
    rule('delay', { action: 'delay', probability: 0.2, delayMs: 60 }),
    rule('reorder', { action: 'reorder', probability: 0.2, delayMs: 400 }),
    rule('duplicate', { action: 'duplicate', probability: 0.1, delayMs: 20 }),
    ...(loses ? [rule('drop', { action: 'drop', probability: 0.05 })] : []),
  ];
}

async function converse(url: string, client: SteadyClient, random: Random, steps: number): Promise<number> {
  let givenUp = 0;
  for (let step = 0; step < steps; step += 1) {
    const own = client.acknowledgements;
    const kind = own.length < 3 ? 'send' : random.pick(['send', 'send', 'send', 'edit', 'delete']);
    if (kind === 'send') {
      const content = `${client.person.username} in step ${step}`;
      const over = random.chance(0.2) ? 'http' : 'socket';
      if (!(await client.send({ content, clientId: `s${step}`, over }))) givenUp += 1;
    } else {
      const path = `/chat/messages/${random.pick(own).messageId}/${kind}/`;
      const { access } = client.person;
      await (kind === 'edit'
        ? request(url, 'PATCH', path, { access, body: { content: `changed in step ${step}` } })
        : request(url, 'DELETE', path, { access }));
    }
    await delay(random.integer(0, 10));
  }
  return givenUp;
}

/** Counts positions at which the history over HTTP and the messages in the table differ. */
async function countHistoryDifferences(
  { url, table }: FaultyRuntime,
  { room, clients }: RoomFixture,
): Promise<number> {
  const log = await table.logOf(room.room_id);
  const stored = log.filter(({ kind }) => kind === 'message').map(({ seq }) => seq);
  const listed: number[] = [];
  const { access } = clients[0]!.person;
  let after = 0;
  for (;;) {
    const path = `/chat/rooms/${room.room_id}/messages/?limit=100&after=${after}`;
    const { body } = await request(url, 'GET', path, { access });
    listed.push(...body.map(({ seq }: { seq: number }) => seq));
    if (body.length < 100) break;
    after = listed.at(-1)!;
  }
  const longer = Math.max(stored.length, listed.length);
  return Array.from({ length: longer }, (_, index) => index).filter(
    (index) => stored[index] !== listed[index],
  ).length;
}

export const oneOrder: Scenario<Size> = {
  name,
  sizes,
  async run({ seed, size, runtime }) {
    // In a history of single frames a lost frame looks like a void entry, so that room loses none.
    const single = await openRoomFixture(runtime, size.clientsPerRoom);
    const batched = await openRoomFixture(runtime, size.clientsPerRoom, { query: 'batch=1' });
    await runtime.rules.add(
      ...frameFaults(seed, single.room.room_id, { loses: false }),
      ...frameFaults(seed, batched.room.room_id, { loses: true }),
    );
    const fixtures = [single, batched];
    const clients = fixtures.flatMap((fixture) => fixture.clients);
    const givenUp = await Promise.all(
      clients.map((client, index) => converse(runtime.url, client, seeded(seed, index), size.stepsPerClient)),
    );
    const disturbed = await runtime.rules.countFired();
    const counts = await checkFixtures(runtime, fixtures, size.patienceMs);
    const differences = await Promise.all(
      fixtures.map((fixture) => countHistoryDifferences(runtime, fixture)),
    );
    counts.done['framesDisturbed'] = disturbed;
    counts.wrong['givenUp'] = givenUp.reduce((sum, count) => sum + count, 0);
    counts.wrong['historyDiffers'] = differences.reduce((sum, count) => sum + count, 0);
    return counts;
  },
};
