/** A room above the limit of small ones behaves to its clients as one below it: the same scenario, told the same. */

import { setTimeout as delay } from 'node:timers/promises';
import { newPeople, newRoom, request, type Person } from '../harness/people.ts';
import { plainClient, type ChatEvent, type PlainClient } from '../harness/plain-client.ts';
import { eachOf, enterAgain, eventually, heardOf, missedOf } from '../harness/plain-room.ts';
import { seeded } from '../harness/random.ts';
import type { FaultyRuntime } from '../harness/runtime.ts';
import type { Counts, Scenario } from '../harness/scenario.ts';

interface Size {
  /** Sockets in the large room. */
  sockets: number;
  steps: number;
}

export const largeRooms: Scenario<Size> = {
  name: 'large rooms',
  sizes: {
    // Large enough for the short forms' build, in which a room is large from nine sockets on.
    short: { sockets: 12, steps: 8 },
    middle: { sockets: 130, steps: 20 },
    full: { sockets: 400, steps: 100 },
  },
  settings: { environment: { ACCESS_TOKEN_LIFETIME_MINUTES: '60' } },
  async run({ seed, size, runtime }) {
    const people = await newPeople(runtime.url, 8);
    const small = await tell(runtime, people, seed, { sockets: 5, steps: size.steps, assertLarge: false });
    const large = await tell(runtime, people, seed, { ...size, assertLarge: true });
    const differs = small.scenario.filter((line, at) => large.scenario[at] !== line).length;
    return {
      done: { ...large.done, entries: large.scenario.length },
      wrong: {
        ...large.wrong,
        missedBySmall: small.wrong['missed']!,
        toldOtherwise: differs + Math.abs(large.scenario.length - small.scenario.length),
      },
    };
  },
};

interface Plan extends Size {
  assertLarge: boolean;
}

async function tell(
  { url, webSocketUrl, table }: FaultyRuntime,
  people: readonly Person[],
  seed: number,
  { sockets, steps, assertLarge }: Plan,
): Promise<Counts & { scenario: string[] }> {
  const [writer, ...others] = people as [Person, ...Person[]];
  const room = await newRoom(url, writer);
  const at = { webSocketUrl, room: room.room_name };
  const clients = Array.from({ length: sockets }, (_, index) =>
    plainClient({ ...at, access: others[index % others.length]!.access }),
  );
  await eachOf(
    clients,
    6,
    async (client, index) => void (await enterAgain(client, index % 3 === 0 ? 'after=0&batch=1' : 'after=0')),
  );
  const sender = plainClient({ ...at, access: writer.access });
  await sender.enter('after=0');
  const shards = Number((await table.headOf(room.room_id))?.['shards'] ?? 1);
  const wrong: Counts['wrong'] = {
    missed: 0,
    unanswered: 0,
    notLarge: assertLarge !== shards > 1 ? 1 : 0,
    outOfOrder: 0,
  };

  const random = seeded(seed, 'scenario');
  const own: string[] = [];
  for (let step = 0; step < steps; step += 1) {
    const kind = own.length === 0 ? 'send' : random.pick(['send', 'send', 'edit', 'delete', 'http']);
    const id = own.length === 0 ? '' : own.splice(random.integer(0, own.length - 1), 1)[0]!;
    const isAnswered = await take(url, sender, {
      kind,
      id,
      step,
      access: writer.access,
      room: room.room_id,
      own,
    });
    if (!isAnswered) wrong['unanswered']! += 1;
  }
  const everybody = [sender, ...clients];
  await eachOf(everybody, 10, async (client) => {
    const hasAll = async () =>
      (await missedOf(table, room.room_id, heardOf(client, room.room_id))).length === 0;
    if (!(await eventually(hasAll, 10_000, 200)))
      wrong['missed']! += (await missedOf(table, room.room_id, heardOf(client, room.room_id))).length;
  });
  const stories = everybody.map((client) => storyOf(client, room.room_id).join('\n'));
  wrong['outOfOrder'] = stories.filter((scenario) => scenario !== stories[0]).length;
  await Promise.all(everybody.map((client) => client.close()));
  return { done: { sockets: everybody.length, shards }, wrong, scenario: storyOf(sender, room.room_id) };
}

interface Step {
  kind: string;
  id: string;
  step: number;
  access: string;
  room: string;
  /** Messages that can still be changed. */
  own: string[];
}

/** One step over the sender's socket, or over HTTP; false when it was not answered, or not told to the sender. */
async function take(
  url: string,
  sender: PlainClient,
  { kind, id, step, access, room, own }: Step,
): Promise<boolean> {
  if (kind === 'edit' || kind === 'delete') {
    const wanted = (event: ChatEvent) =>
      event['message_id'] === id && (event.type === 'message_edited' || event.type === 'message_deleted');
    const content = `edited in step ${step}`;
    const told = await sender.ask(
      { type: kind, message_id: id, ...(kind === 'edit' && { content }) },
      wanted,
    );
    await delay(5);
    return told !== undefined;
  }
  if (id !== '') own.push(id);
  const content = `said in step ${step}`;
  const from = sender.record.length;
  let messageId: string | undefined;
  if (kind === 'http') {
    const answer = await request(url, 'POST', `/chat/rooms/${room}/messages/`, { access, body: { content } });
    messageId = answer.body['message_id'];
  } else {
    messageId = (await sender.ask({ type: 'message', content, client_id: `step-${step}` }, 'ack'))?.[
      'message_id'
    ];
  }
  if (messageId === undefined) return false;
  own.push(messageId);
  const told = await sender.find((event) => event.type === 'chat_message' && event['message'] === content, {
    from,
  });
  return told !== undefined;
}

/** What was told, by seq, without what differs between any two rooms. */
function storyOf(client: PlainClient, roomId: string): string[] {
  return [...heardOf(client, roomId)]
    .sort(([a], [b]) => a - b)
    .map(([seq, event]) => `${seq} ${event.type} ${event['message'] ?? event['new_content'] ?? ''}`);
}
