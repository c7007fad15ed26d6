/**
 * Commits entries before, between and after the steps of opening a room, each of which is slowed down so that the
 * commit falls into it. The client receives every entry, in the history or live.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { newPeople, newRoom, request } from '../harness/people.ts';
import { plainClient } from '../harness/plain-client.ts';
import { becomesTrue } from '../../kit/eventually.ts';
import { forEachConcurrent, receivedEvents, findMissed } from '../harness/plain-room.ts';
import { seeded } from '../harness/random.ts';
import type { FaultRule } from '../harness/rules.ts';
import type { Scenario } from '../harness/scenario.ts';

interface Size {
  /** For each moment. */
  entries: number;
  concurrency: number;
}

/** The event after which the entry is sent, and up to how many milliseconds later. */
const moments = {
  before: { follows: undefined, withinMs: 0 },
  connecting: { follows: undefined, withinMs: 150 },
  subscribing: { follows: 'ready', withinMs: 60 },
  reading: { follows: 'room_users_list', withinMs: 120 },
  after: { follows: 'history_end', withinMs: 30 },
} as const;

export const noGapOnJoining: Scenario<Size> = {
  name: 'no gap on joining',
  sizes: {
    short: { entries: 3, concurrency: 8 },
    middle: { entries: 50, concurrency: 10 },
    full: { entries: 500, concurrency: 16 },
  },
  settings: { environment: { ACCESS_TOKEN_LIFETIME_MINUTES: '60' } },
  async run({ seed, size, runtime }) {
    const { url, webSocketUrl, rules, table } = runtime;
    const people = await newPeople(url, size.concurrency + 1);
    const writer = people[0]!;
    await rules.add(...slowSteps(seed));
    const jobs = Object.entries(moments).flatMap(([moment, when]) =>
      Array.from({ length: size.entries }, (_, number) => ({ moment, ...when, number })),
    );
    const counts = { done: { entered: 0, live: 0, history: 0 }, wrong: { missed: 0, refused: 0 } };
    const shuffled = seeded(seed, 'order').shuffle(jobs);
    await forEachConcurrent(
      shuffled,
      size.concurrency,
      async ({ follows, withinMs, moment, number }, index) => {
        const random = seeded(seed, moment, number);
        const person = people[1 + (index % size.concurrency)]!;
        const room = await newRoom(url, writer);
        const client = plainClient({ webSocketUrl, access: person.access, room: room.room_name });
        const resumes = random.chance(0.5);
        const overHttp = async (content: string): Promise<void> => {
          const path = `/chat/rooms/${room.room_id}/messages/`;
          const answer = await request(url, 'POST', path, { access: writer.access, body: { content } });
          if (answer.status !== 201) counts.wrong.refused += 1;
        };
        if (moment === 'before') await overHttp('while joining');
        const entering = client.enter(resumes ? 'after=0' : '', 30_000);
        if (follows !== undefined)
          await becomesTrue(() => client.record.some(({ event }) => event.type === follows), 30_000, 2);
        await delay(random.integer(0, withinMs));
        if (moment !== 'before') await overHttp('while joining');
        const end = await entering;
        const isComplete = await becomesTrue(
          async () =>
            (await findMissed(table, room.room_id, receivedEvents(client, room.room_id))).length === 0,
          5_000,
          100,
        );
        if (!isComplete)
          counts.wrong.missed += (
            await findMissed(table, room.room_id, receivedEvents(client, room.room_id))
          ).length;
        const endsAtMs = client.record.findIndex(({ event }) => event === end);
        const receivedAtMs = client.record.findIndex(({ event }) => event['message'] === 'while joining');
        if (receivedAtMs > endsAtMs) counts.done.live += 1;
        else counts.done.history += 1;
        counts.done.entered += 1;
        await client.close();
      },
    );
    await rules.clear();
    return counts;
  },
};

/** Returns rules that delay the steps of opening a room and of publishing at random. */
function slowSteps(seed: number): FaultRule[] {
  const functions = ['connect', 'tableStream'];
  const calls = functions.flatMap((name) =>
    (['before', 'after'] as const).map((phase): FaultRule => ({
      id: `${name}-${phase}`,
      point: 'database',
      action: 'delay',
      delayMs: 40,
      probability: 0.4,
      seed: `${seed}/${name}/${phase}`,
      match: { function: name, phase },
    })),
  );
  const posts: FaultRule = {
    id: 'posts',
    point: 'connections',
    action: 'delay',
    delayMs: 30,
    probability: 0.4,
    seed: `${seed}/posts`,
    match: { method: 'POST' },
  };
  const batches: FaultRule = {
    id: 'batches',
    point: 'stream',
    action: 'delay',
    delayMs: 60,
    probability: 0.5,
    seed: `${seed}/batches`,
  };
  return [...calls, posts, batches];
}
