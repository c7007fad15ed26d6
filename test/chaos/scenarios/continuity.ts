/**
 * Drops devices at random while other users write, edit and delete. The devices resume from any seq that they knew,
 * in an empty room, and from a seq ahead of the log.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { newPeople, newRoom, request, type Person, type RoomView } from '../harness/people.ts';
import { plainClient, type ChatEvent, type PlainClient } from '../harness/plain-client.ts';
import { catchUp, enterWithRetries, receivedEvents } from '../harness/plain-room.ts';
import { seeded, type Random } from '../harness/random.ts';
import type { FaultyRuntime } from '../harness/runtime.ts';
import type { Scenario } from '../harness/scenario.ts';
import type { RawEntry } from '../harness/table-reader.ts';

interface Size {
  devices: number;
  drops: number;
  writers: number;
}

interface Tally {
  done: Record<string, number>;
  wrong: { missed: number; unrecovered: number; wrongGap: number; wrongSender: number };
}

export const continuity: Scenario<Size> = {
  name: 'continuity',
  sizes: {
    short: { devices: 3, drops: 9, writers: 1 },
    middle: { devices: 8, drops: 200, writers: 3 },
    full: { devices: 20, drops: 1_000, writers: 4 },
  },
  settings: { environment: { ACCESS_TOKEN_LIFETIME_MINUTES: '60' } },
  async run({ seed, size, runtime }) {
    const people = await newPeople(runtime.url, size.writers + size.devices);
    const room = await newRoom(runtime.url, people[0]!);
    const tally: Tally = {
      done: { drops: 0, entries: 0 },
      wrong: { missed: 0, unrecovered: 0, wrongGap: 0, wrongSender: 0 },
    };
    await resumeAnEmptyRoom(runtime, people[0]!, tally);

    let isOver = false;
    const writing = people
      .slice(0, size.writers)
      .map((person, index) => write(runtime, person, room, seeded(seed, 'writer', index), () => isOver));
    const devices = people.slice(size.writers);
    const drops = Math.ceil(size.drops / size.devices);
    const visits = await Promise.all(
      devices.map((person, at) =>
        dropAndResume(runtime, person, room, seeded(seed, 'device', at), drops, tally),
      ),
    );
    isOver = true;
    await Promise.all(writing);
    const log = await runtime.table.logOf(room.room_id);
    tally.done['entries'] = log.length;
    for (const visit of visits.flat()) checkVisit(log, visit, tally.wrong);
    return tally;
  },
};

async function write(
  { url, webSocketUrl }: FaultyRuntime,
  person: Person,
  room: RoomView,
  random: Random,
  isOver: () => boolean,
): Promise<void> {
  const client = plainClient({ webSocketUrl, access: person.access, room: room.room_name });
  await enterWithRetries(client, 'history=0');
  const own: string[] = [];
  for (let number = 0; !isOver(); number += 1) {
    const kind = own.length === 0 ? 'send' : random.pick(['send', 'send', 'edit', 'delete']);
    const message_id = own.length === 0 ? undefined : random.pick(own);
    const { access } = person;
    if (kind === 'send') {
      const content = `${person.username} ${number}`;
      const ack = await client.ask({ type: 'message', content }, 'ack');
      if (ack !== undefined) own.push(ack['message_id']);
    } else if (random.chance(0.5)) {
      client.send({ type: kind, message_id, ...(kind === 'edit' && { content: `edited ${number}` }) });
    } else if (kind === 'edit') {
      const body = { content: `edited ${number}` };
      await request(url, 'PATCH', `/chat/messages/${message_id}/edit/`, { access, body }).catch(
        () => undefined,
      );
    } else {
      await request(url, 'DELETE', `/chat/messages/${message_id}/delete/`, { access }).catch(() => undefined);
    }
    await delay(random.integer(20, 120));
  }
  await client.close();
}

/**
 * Drops one device repeatedly. It resumes from the last seq that it knew, from an earlier one, or from ahead of the
 * log.
 */
async function dropAndResume(
  runtime: FaultyRuntime,
  { access }: Person,
  { room_name, room_id: roomId }: RoomView,
  random: Random,
  drops: number,
  { done, wrong }: Tally,
): Promise<Visit[]> {
  const visits: Visit[] = [];
  const client = plainClient({ webSocketUrl: runtime.webSocketUrl, access, room: room_name });
  let known = 0;
  for (let drop = 0; drop < drops; drop += 1) {
    const how = drop === 0 ? 'seen' : random.pick(['seen', 'seen', 'seen', 'earlier', 'ahead']);
    // Rarely from the very start, because reading a long log again and again would be another test.
    const earliest = random.chance(0.1) ? 0 : Math.max(0, known - 150);
    const ahead = known + 100_000;
    const after = how === 'seen' ? known : how === 'earlier' ? random.integer(earliest, known) : ahead;
    const from = client.record.length;
    const end = await enterWithRetries(client, `after=${after}&history=100`);
    if (how === 'ahead') {
      const last = await runtime.table.headOf(roomId);
      if (!isCorrectGap(end, { after, known, head: last!['seq'] })) wrong.wrongGap += 1;
    } else {
      if (end['recovered'] !== true) wrong.unrecovered += 1;
      await delay(random.integer(0, 150));
      const visit = await readToHead(client, roomId, from, after);
      known = visit.head;
      visits.push(visit);
    }
    client.cut();
    await client.closed();
    done['drops'] = (done['drops'] ?? 0) + 1;
    await delay(random.integer(0, 60));
  }
  return visits;
}

/** What a device received on one socket, and the seq up to which nothing should be missing. */
interface Visit {
  after: number;
  head: number;
  received: ReadonlyMap<number, ChatEvent>;
}

/** Requests the rest of the log once, as a client does at a heartbeat. The device then has everything up to `head`. */
async function readToHead(client: PlainClient, roomId: string, from: number, after: number): Promise<Visit> {
  const contiguous = contiguousFrom(receivedEvents(client, roomId, from), after);
  const head = (await catchUp(client, roomId, contiguous)) ?? contiguous;
  return { after, head, received: receivedEvents(client, roomId, from) };
}

function checkVisit(log: readonly RawEntry[], { after, head, received }: Visit, wrong: Tally['wrong']): void {
  for (const { seq, kind, user_id: userId } of log) {
    const event = received.get(seq);
    if (seq > after && seq <= head && kind !== 'void' && event === undefined) wrong.missed += 1;
    if (event?.type === 'chat_message' && event['sender_id'] !== userId) wrong.wrongSender += 1;
  }
}

function contiguousFrom(received: ReadonlyMap<number, unknown>, after: number): number {
  let seq = after;
  while (received.has(seq + 1)) seq += 1;
  return seq;
}

/**
 * Whether the answer to a seq ahead of the log names the right gap. It must start after the last entry that the log
 * held at that moment: at least what the device has received, and at most what the log holds by now.
 */
function isCorrectGap(
  end: ChatEvent,
  { after, known, head }: { after: number; known: number; head: number },
): boolean {
  const gap = end['gap'] as { from: number; to: number } | undefined;
  if (end['recovered'] !== false || gap?.to !== after) return false;
  return gap.from > Math.max(known, end['head']) && gap.from <= head + 1;
}

async function resumeAnEmptyRoom(
  { url, webSocketUrl }: FaultyRuntime,
  person: Person,
  { wrong }: Tally,
): Promise<void> {
  const room = await newRoom(url, person);
  const client = plainClient({ webSocketUrl, access: person.access, room: room.room_name });
  const end = await client.enter('after=0');
  if (end['recovered'] !== true || end['head'] !== 0 || end['first_seq'] !== null) wrong.unrecovered += 1;
  const ahead = await client.enter('after=7');
  const gap = ahead['gap'] as { from: number; to: number } | undefined;
  if (ahead['recovered'] !== false || gap?.from !== 1 || gap.to !== 7) wrong.wrongGap += 1;
  await client.close();
}
