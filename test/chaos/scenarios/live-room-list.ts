/**
 * Follows the lists of users who have opened none of their rooms, while functions are killed, batches of the table stream
 * are repeated and shuffled, posts to inboxes hang, are throttled or answered as gone, and all sockets are cut at once.
 * Soon after the last change every list shows the truth, and a removed user has received nothing of what followed.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { becomesTrue } from '../../kit/eventually.ts';
import { newPeople, newRoom, request, type Person, type RoomView } from '../harness/people.ts';
import { plainClient, type PlainClient } from '../harness/plain-client.ts';
import { seeded } from '../harness/random.ts';
import type { FaultRule } from '../harness/rules.ts';
import type { FaultyRuntime } from '../harness/runtime.ts';
import type { Scenario } from '../harness/scenario.ts';
import { watchingClient, type ListedState, type WatchingClient } from '../harness/watching-client.ts';
import { unevenDeliveries } from './uneven-deliveries.ts';

interface Size {
  watchers: number;
  rooms: number;
  /** Messages to random rooms, before and again after the removal. */
  messages: number;
  /** How long the lists may take after the last change. */
  patienceMs: number;
}

export const liveRoomList: Scenario<Size> = {
  name: 'live room list',
  sizes: {
    short: { watchers: 2, rooms: 3, messages: 20, patienceMs: 15_000 },
    middle: { watchers: 5, rooms: 6, messages: 150, patienceMs: 20_000 },
    full: { watchers: 8, rooms: 10, messages: 400, patienceMs: 30_000 },
  },
  async run({ seed, size, runtime, log }) {
    const { url, webSocketUrl } = runtime;
    const random = seeded(seed);
    const people = await newPeople(url, size.watchers + 2);
    const [writer, victim, ...others] = people as [Person, Person, ...Person[]];
    const rooms: RoomView[] = [];
    for (let made = 0; made < size.rooms; made += 1)
      rooms.push(await openRoom(url, writer, [victim, ...others]));
    const [closed, renamed, deleted] = rooms as [RoomView, RoomView, RoomView];
    const watchers = await Promise.all([victim, ...others].map((person) => watchingClient(url, person)));
    const plain = plainClient({ webSocketUrl, access: victim.access });
    await plain.open('inbox=1');
    await plain.find('ready', { from: 0 });
    await runtime.rules.add(...faults(seed));
    log('the lists are live');

    let sent = 0;
    const write = async (phase: string, among: readonly RoomView[]): Promise<void> => {
      for (let number = 0; number < size.messages; number += 1) {
        const room = random.pick(among);
        const status = await send(url, writer, room, `${phase} ${number} in ${room.room_name}`);
        if (status === 201) sent += 1;
        await delay(random.integer(0, 60));
      }
    };
    await write('before', rooms);
    await runtime.rules.now({ point: 'socket', action: 'kill', seed });
    await change(url, 'DELETE', `/chat/rooms/${closed.room_id}/members/remove/${victim.id}/`, writer);
    await plain.open('inbox=1');
    await change(url, 'PATCH', `/chat/rooms/${renamed.room_id}/`, writer, {
      room_name: `${renamed.room_name}-anew`,
    });
    await change(url, 'DELETE', `/chat/rooms/${deleted.room_id}/`, writer);
    const left = rooms.filter((room) => room !== deleted);
    await write('after', left);
    const read = random.pick(others);
    await readNewest(runtime, read, renamed);
    log('everything has been sent');

    const fired = await runtime.rules.countFired();
    await runtime.rules.clear();
    const truths = await Promise.all(watchers.map(({ person }) => truthFor(runtime, person, left)));
    const quietAtMs = Date.now();
    // Learns at once, and not at the next heartbeat, that a socket was given up.
    for (const { client } of watchers) client.reconnectNow();
    const isWrong = (watcher: WatchingClient, index: number): boolean =>
      !isSame(watcher.states(), truths[index]!);
    await becomesTrue(() => !watchers.some(isWrong), size.patienceMs, 100);
    const wrongLists = watchers.filter(isWrong);
    for (const watcher of wrongLists)
      log(`${watcher.person.username} shows ${JSON.stringify([...watcher.states()])}`);
    const counts = {
      done: {
        sent,
        fired,
        correctAfterMs: Date.now() - quietAtMs,
        loads: total(watchers, ({ loads }) => loads),
      },
      wrong: {
        wrongLists: wrongLists.length,
        backwards: total(watchers, ({ backwards }) => backwards),
        receivedAfter: receivedAfter(plain, closed),
      },
    };
    for (const watcher of watchers) watcher.stop();
    await plain.close();
    return counts;
  },
};

function faults(seed: number): FaultRule[] {
  const post = (id: string, part: Pick<FaultRule, 'action'> & Partial<FaultRule>): FaultRule => ({
    id,
    point: 'connections',
    seed: `${seed}/${id}`,
    match: { method: 'POST', function: 'inbox' },
    ...part,
  });
  return [
    ...unevenDeliveries(seed),
    post('inbox-gone', { action: 'fail', status: 410, probability: 0.05, count: 2 }),
    post('inbox-throttled', { action: 'fail', status: 429, probability: 0.15, count: 6 }),
    post('inbox-late', { action: 'delay', delayMs: 1_500, probability: 0.1 }),
    {
      id: 'inbox-kill',
      point: 'database',
      action: 'kill',
      probability: 0.03,
      count: 3,
      seed: `${seed}/kill`,
      match: { function: 'inbox' },
    },
  ];
}

async function openRoom(url: string, owner: Person, members: readonly Person[]): Promise<RoomView> {
  const room = await newRoom(url, owner, { is_private: true });
  for (const { id: user_id } of members)
    await change(url, 'POST', `/chat/rooms/${room.room_id}/members/add/`, owner, { user_id });
  return room;
}

async function change(
  url: string,
  method: string,
  path: string,
  { access }: Person,
  body?: object,
): Promise<void> {
  const { status } = await request(url, method, path, { access, body });
  if (status >= 300) throw new Error(`${method} ${path} was answered with ${status}`);
}

async function send(
  url: string,
  { access }: Person,
  { room_id }: RoomView,
  content: string,
): Promise<number> {
  const { status } = await request(url, 'POST', `/chat/rooms/${room_id}/messages/`, {
    access,
    body: { content },
  });
  return status;
}

async function readNewest(
  { url, table }: FaultyRuntime,
  person: Person,
  { room_id }: RoomView,
): Promise<void> {
  const newest = (await table.logOf(room_id)).findLast(({ kind }) => kind === 'message');
  if (newest === undefined) return;
  const { body } = await request(url, 'GET', `/chat/rooms/${room_id}/messages/?limit=1`, person);
  await change(url, 'POST', `/chat/rooms/${room_id}/read/`, person, { message_id: body.at(-1).message_id });
}

/** Returns what the list of a user must show, from the items of the table. */
async function truthFor(
  { table }: FaultyRuntime,
  { id }: Person,
  rooms: readonly RoomView[],
): Promise<Map<string, ListedState>> {
  const truth = new Map<string, ListedState>();
  for (const { room_id } of rooms) {
    const items = await table.partition(`ROOM#${room_id}`);
    const member = items.find(({ sk }) => sk === `MEMBER#${id}`);
    if (member === undefined) continue;
    const messages = (await table.logOf(room_id)).filter(({ kind }) => kind === 'message');
    const readSeq: number = member['last_read_seq'] ?? 0;
    const last = messages.at(-1);
    truth.set(room_id, {
      name: items.find(({ sk }) => sk === 'ROOM')?.['room_name'],
      unread: messages.filter(({ seq, user_id }) => seq > readSeq && user_id !== id).length,
      lastSeq: last?.seq ?? 0,
      content: last?.['content'],
    });
  }
  return truth;
}

function isSame(shown: Map<string, ListedState>, truth: Map<string, ListedState>): boolean {
  const sorted = (states: Map<string, ListedState>): string =>
    JSON.stringify([...states].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  return sorted(shown) === sorted(truth);
}

/** Counts the events with what was written in the room after the removal was answered. */
const receivedAfter = ({ record }: PlainClient, { room_name }: RoomView): number =>
  record.filter(({ event }) => {
    const content: unknown = event['last_message']?.content ?? event['message'];
    return (
      typeof content === 'string' && content.startsWith('after ') && content.endsWith(` in ${room_name}`)
    );
  }).length;

const total = (watchers: readonly WatchingClient[], of: (watcher: WatchingClient) => number): number =>
  watchers.reduce((sum, watcher) => sum + of(watcher), 0);
