/**
 * Frames shuffled, delayed, doubled and lost on their way to the sockets, while many write, edit and delete: in the
 * end every client's view is the room's log, and so is the history.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { conclude, gather, type Gathering } from '../harness/gathering.ts';
import { request } from '../harness/people.ts';
import { seeded, type Random } from '../harness/random.ts';
import type { FaultRule } from '../harness/rules.ts';
import type { Scenario } from '../harness/scenario.ts';
import type { SteadyClient } from '../harness/steady-client.ts';
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

/** What happens to the frames that speak of one room. */
export function disorder(seed: number, roomId: string, { loses }: { loses: boolean }): FaultRule[] {
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

/** How many messages of the table the history over HTTP does not have in their place, and the other way round. */
async function countHistoryDifferences(
  { url, table }: FaultyRuntime,
  { room, clients }: Gathering,
): Promise<number> {
  const log = await table.logOf(room.room_id);
  const stored = log.filter(({ kind }) => kind === 'message').map(({ seq }) => seq);
  const told: number[] = [];
  const { access } = clients[0]!.person;
  let after = 0;
  for (;;) {
    const path = `/chat/rooms/${room.room_id}/messages/?limit=100&after=${after}`;
    const { body } = await request(url, 'GET', path, { access });
    told.push(...body.map(({ seq }: { seq: number }) => seq));
    if (body.length < 100) break;
    after = told.at(-1)!;
  }
  const longer = Math.max(stored.length, told.length);
  return Array.from({ length: longer }, (_, index) => index).filter((at) => stored[at] !== told[at]).length;
}

export const oneOrder: Scenario<Size> = {
  name,
  sizes,
  async run({ seed, size, runtime }) {
    // A lost frame of a history that comes in single frames looks like a tombstone: that room loses none.
    const single = await gather(runtime, size.clientsPerRoom);
    const batched = await gather(runtime, size.clientsPerRoom, { query: 'batch=1' });
    await runtime.rules.add(
      ...disorder(seed, single.room.room_id, { loses: false }),
      ...disorder(seed, batched.room.room_id, { loses: true }),
    );
    const gatherings = [single, batched];
    const clients = gatherings.flatMap((gathering) => gathering.clients);
    const givenUp = await Promise.all(
      clients.map((client, index) => converse(runtime.url, client, seeded(seed, index), size.stepsPerClient)),
    );
    const disturbed = (await runtime.rules.list()).reduce((sum, { fired }) => sum + fired, 0);
    const counts = await conclude(runtime, gatherings, size.patienceMs);
    const differences = await Promise.all(
      gatherings.map((gathering) => countHistoryDifferences(runtime, gathering)),
    );
    counts.done['framesDisturbed'] = disturbed;
    counts.wrong['givenUp'] = givenUp.reduce((sum, count) => sum + count, 0);
    counts.wrong['historyDiffers'] = differences.reduce((sum, count) => sum + count, 0);
    return counts;
  },
};
