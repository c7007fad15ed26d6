/** Runs the same steps in a small and in a large room. The clients of both receive the same events. */

import { setTimeout as delay } from 'node:timers/promises';
import { newPeople, newRoom, request, type Person } from '../harness/people.ts';
import { plainClient, type ChatEvent, type PlainClient } from '../harness/plain-client.ts';
import { becomesTrue } from '../../kit/eventually.ts';
import { forEachConcurrent, enterWithRetries, receivedEvents, findMissed } from '../harness/plain-room.ts';
import { seeded } from '../harness/random.ts';
import type { FaultyRuntime } from '../harness/runtime.ts';
import { countOf, type Counts, type Scenario } from '../harness/scenario.ts';

interface Size {
  /** Sockets in the large room. */
  sockets: number;
  steps: number;
}

export const largeRooms: Scenario<Size> = {
  name: 'large rooms',
  sizes: {
    // In the quick build a room is large from nine sockets on.
    short: { sockets: 12, steps: 8 },
    middle: { sockets: 130, steps: 20 },
    full: { sockets: 400, steps: 100 },
  },
  settings: { environment: { ACCESS_TOKEN_LIFETIME_MINUTES: '60' } },
  async run({ seed, size, runtime }) {
    const people = await newPeople(runtime.url, 8);
    const small = await runInRoom(runtime, people, seed, { sockets: 5, steps: size.steps, isLarge: false });
    const large = await runInRoom(runtime, people, seed, { ...size, isLarge: true });
    const differs = small.transcript.filter((line, index) => large.transcript[index] !== line).length;
    return {
      done: { ...large.done, entries: large.transcript.length },
      wrong: {
        ...large.wrong,
        missedBySmall: countOf(small.wrong, 'missed'),
        differing: differs + Math.abs(large.transcript.length - small.transcript.length),
      },
    };
  },
};

interface Plan extends Size {
  isLarge: boolean;
}

async function runInRoom(
  { url, webSocketUrl, table }: FaultyRuntime,
  people: readonly Person[],
  seed: number,
  { sockets, steps, isLarge }: Plan,
): Promise<Counts & { transcript: string[] }> {
  const [writer, ...others] = people as [Person, ...Person[]];
  const room = await newRoom(url, writer);
  const at = { webSocketUrl, room: room.room_name };
  const clients = Array.from({ length: sockets }, (_, index) =>
    plainClient({ ...at, access: others[index % others.length]!.access }),
  );
  await forEachConcurrent(
    clients,
    6,
    async (client, index) =>
      void (await enterWithRetries(client, index % 3 === 0 ? 'after=0&batch=1' : 'after=0')),
  );
  const sender = plainClient({ ...at, access: writer.access });
  await sender.enter('after=0');
  const shards = Number((await table.headOf(room.room_id))?.['shards'] ?? 1);
  const wrong: Counts['wrong'] = {
    missed: 0,
    unanswered: 0,
    notLarge: isLarge !== shards > 1 ? 1 : 0,
    outOfOrder: 0,
  };

  const random = seeded(seed, 'scenario');
  const own: string[] = [];
  for (let step = 0; step < steps; step += 1) {
    const kind = own.length === 0 ? 'send' : random.pick(['send', 'send', 'edit', 'delete', 'http']);
    const id = own.length === 0 ? '' : own.splice(random.integer(0, own.length - 1), 1)[0]!;
    const isAnswered = await runStep(url, sender, {
      kind,
      id,
      step,
      access: writer.access,
      room: room.room_id,
      own,
    });
    if (!isAnswered) wrong['unanswered']! += 1;
  }
  const allClients = [sender, ...clients];
  await forEachConcurrent(allClients, 10, async (client) => {
    const hasAll = async () =>
      (await findMissed(table, room.room_id, receivedEvents(client, room.room_id))).length === 0;
    if (!(await becomesTrue(hasAll, 10_000, 200)))
      wrong['missed']! += (
        await findMissed(table, room.room_id, receivedEvents(client, room.room_id))
      ).length;
  });
  const transcripts = allClients.map((client) => transcriptOf(client, room.room_id).join('\n'));
  wrong['outOfOrder'] = transcripts.filter((transcript) => transcript !== transcripts[0]).length;
  await Promise.all(allClients.map((client) => client.close()));
  return {
    done: { sockets: allClients.length, shards },
    wrong,
    transcript: transcriptOf(sender, room.room_id),
  };
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

/**
 * Takes one step over the sender's socket or over HTTP. Returns false when the sender receives no answer or no event.
 */
async function runStep(
  url: string,
  sender: PlainClient,
  { kind, id, step, access, room, own }: Step,
): Promise<boolean> {
  if (kind === 'edit' || kind === 'delete') {
    const isChange = (event: ChatEvent) =>
      event['message_id'] === id && (event.type === 'message_edited' || event.type === 'message_deleted');
    const content = `edited in step ${step}`;
    const change = await sender.ask(
      { type: kind, message_id: id, ...(kind === 'edit' && { content }) },
      isChange,
    );
    await delay(5);
    return change !== undefined;
  }
  if (id !== '') own.push(id);
  const content = `sent in step ${step}`;
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
  const sent = await sender.find((event) => event.type === 'chat_message' && event['message'] === content, {
    from,
  });
  return sent !== undefined;
}

/** Returns the received events by seq, without the fields that differ between rooms. */
function transcriptOf(client: PlainClient, roomId: string): string[] {
  return [...receivedEvents(client, roomId)]
    .sort(([a], [b]) => a - b)
    .map(([seq, event]) => `${seq} ${event.type} ${event['message'] ?? event['new_content'] ?? ''}`);
}
