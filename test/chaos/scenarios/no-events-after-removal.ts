/**
 * Ends a user's access in the middle of a hundred sends: by removal, by deleting the room or the account, by signing
 * out, or by changing the password. Nothing that is committed afterwards reaches the user, and their sockets close
 * within 5 seconds.
 */

import { setTimeout as delay } from 'node:timers/promises';
import {
  newPeople,
  newRoom,
  request,
  signIn,
  type HttpAnswer,
  type Person,
  type RoomView,
} from '../harness/people.ts';
import { plainClient, type PlainClient } from '../harness/plain-client.ts';
import { becomesTrue } from '../../kit/eventually.ts';
import { catchUp, forEachConcurrent, receivedEvents, findMissed } from '../harness/plain-room.ts';
import { seeded, type Random } from '../harness/random.ts';
import type { FaultyRuntime } from '../harness/runtime.ts';
import type { Scenario } from '../harness/scenario.ts';

interface Size {
  /** For each way of ending the access. */
  rounds: number;
  sends: number;
  concurrency: number;
}

const ofSessions = ['sign-out', 'password change', 'account deletion'] as const;
const ways = ['removal', 'deletion', ...ofSessions] as const;
type Way = (typeof ways)[number];

/** Whether the user loses access to everything, and not to one room only. */
const endsSessions = (way: Way): boolean => ofSessions.some((one) => one === way);

const closeWithinMs = 5_000;

export const noEventsAfterRemoval: Scenario<Size> = {
  name: 'no events after removal',
  sizes: {
    short: { rounds: 1, sends: 20, concurrency: 3 },
    middle: { rounds: 3, sends: 100, concurrency: 3 },
    full: { rounds: 12, sends: 100, concurrency: 3 },
  },
  settings: { environment: { ACCESS_TOKEN_LIFETIME_MINUTES: '60' } },
  async run({ seed, size, runtime }) {
    await runtime.rules.add(
      {
        id: 'calls',
        point: 'database',
        action: 'delay',
        delayMs: 25,
        probability: 0.1,
        seed: `${seed}/calls`,
      },
      {
        id: 'posts',
        point: 'connections',
        action: 'delay',
        delayMs: 25,
        probability: 0.1,
        seed: `${seed}/posts`,
      },
      {
        id: 'batches',
        point: 'stream',
        action: 'delay',
        delayMs: 150,
        probability: 0.5,
        seed: `${seed}/batches`,
      },
      { id: 'twice', point: 'stream', action: 'duplicate', probability: 0.2, seed: `${seed}/twice` },
    );
    const counts = {
      done: { rounds: 0, sent: 0, received: 0, afterwards: 0, slowestCloseMs: 0 },
      wrong: { receivedAfter: 0, leftOpen: 0, closedLate: 0, othersMissed: 0, leftBehind: 0 },
    };
    const jobs = ways.flatMap((way) => Array.from({ length: size.rounds }, (_, round) => ({ way, round })));
    await forEachConcurrent(jobs, size.concurrency, async ({ way, round }) => {
      const part = await raceOnce(runtime, way, seeded(seed, way, round), size.sends);
      counts.done.rounds += 1;
      counts.done.sent += part.sent;
      counts.done.received += part.received;
      counts.done.afterwards += part.afterwards;
      counts.done.slowestCloseMs = Math.max(counts.done.slowestCloseMs, part.closeMs);
      counts.wrong.receivedAfter += part.receivedAfter;
      counts.wrong.leftOpen += part.leftOpen;
      counts.wrong.closedLate += part.closeMs > closeWithinMs ? 1 : 0;
      counts.wrong.othersMissed += part.othersMissed;
      counts.wrong.leftBehind += part.leftBehind;
    });
    await runtime.rules.clear();
    return counts;
  },
};

interface Victim {
  person: Person;
  /** A socket that was opened with the room. */
  single: PlainClient;
  /** A socket that joined the room. */
  joined: PlainClient;
}

async function raceOnce(runtime: FaultyRuntime, way: Way, random: Random, sends: number) {
  const { url, webSocketUrl, table } = runtime;
  const [creator, other, target] = (await newPeople(url, 3)) as [Person, Person, Person];
  const room = await newRoom(url, creator, { is_private: true });
  for (const { id } of [other, target])
    await request(url, 'POST', `/chat/rooms/${room.room_id}/members/add/`, {
      access: creator.access,
      body: { user_id: id },
    });
  const writer = plainClient({ webSocketUrl, access: creator.access, room: room.room_name });
  const bystander = plainClient({ webSocketUrl, access: other.access, room: room.room_name });
  await Promise.all([writer.enter('history=0'), bystander.enter('after=0')]);
  const victim = await enter(runtime, target, room);

  // A message that is sent after the answer is certainly committed after the access has ended.
  const sentAfter = new Set<string>();
  let doneAtMs = 0;
  const endsAtSend = random.integer(Math.floor(sends / 3), Math.floor((2 * sends) / 3));
  let ending: Promise<void> | undefined;
  for (let number = 0; number < sends; number += 1) {
    const content = `race ${number}`;
    if (number === endsAtSend)
      ending = endAccess(url, way, { creator, target, room }).then(() => void (doneAtMs = Date.now()));
    if (doneAtMs > 0) sentAfter.add(content);
    if (random.chance(0.3)) void overHttp(url, creator, room, content);
    else writer.send({ type: 'message', content });
    await delay(random.integer(0, 15));
  }
  await ending;
  // These are certainly sent after the access has ended.
  for (let number = 0; number < 10; number += 1) {
    const content = `afterwards ${number}`;
    sentAfter.add(content);
    writer.send({ type: 'message', content });
    await delay(20);
  }

  const closeMs = await closed(way, victim, doneAtMs);
  await writer.ask({ type: 'ping' }, 'pong');
  const log = await table.logOf(room.room_id);
  const removedAtSeq =
    log.filter(({ kind }) => kind === 'member_removed').map(({ seq }) => seq)[0] ?? Infinity;
  const received = [victim.single, victim.joined].map((client) => [
    ...receivedEvents(client, room.room_id).values(),
  ]);
  const receivedAfter = received
    .flat()
    .filter((event) => event['seq'] > removedAtSeq || sentAfter.has(event['message'])).length;
  const othersMissed = way === 'deletion' ? 0 : await missedBy(bystander, room, runtime);
  let leftBehind = 0;
  const isClean = async (): Promise<boolean> => {
    const subscribers = await table.startingWith(`LIVE#${room.room_id}#`);
    leftBehind = subscribers.filter((item) => item['user_id'] === target.id).length;
    return leftBehind === 0;
  };
  await becomesTrue(isClean, 10_000, 250);
  const isOpen = endsSessions(way) ? [victim.single, victim.joined] : [victim.single];
  const leftOpen = isOpen.filter((client) => client.isOpen).length;
  await Promise.all([writer, bystander, victim.single, victim.joined].map((client) => client.close()));
  return {
    sent: sends + 10,
    received: received.flat().length,
    afterwards: sentAfter.size,
    closeMs,
    receivedAfter,
    leftOpen,
    othersMissed,
    leftBehind,
  };
}

async function enter({ webSocketUrl }: FaultyRuntime, person: Person, room: RoomView): Promise<Victim> {
  const single = plainClient({ webSocketUrl, access: person.access, room: room.room_name });
  const joined = plainClient({ webSocketUrl, access: person.access });
  await single.enter('history=0');
  const from = joined.record.length;
  await joined.open();
  await joined.find('ready', { from });
  await joined.ask({ type: 'join', room: room.room_name, history: 0 }, 'history_end');
  return { person, single, joined };
}

interface Step {
  creator: Person;
  target: Person;
  room: RoomView;
}

async function endAccess(url: string, way: Way, step: Step): Promise<void> {
  const answer = await accessEndings[way](url, step);
  if (answer.status >= 300) throw new Error(`${way} failed with status ${answer.status}`);
}

const accessEndings: Record<Way, (url: string, step: Step) => Promise<HttpAnswer>> = {
  removal: (url, { creator, target, room }) =>
    request(url, 'DELETE', `/chat/rooms/${room.room_id}/members/remove/${target.id}/`, creator),
  deletion: (url, { creator, room }) => request(url, 'DELETE', `/chat/rooms/${room.room_id}/`, creator),
  'sign-out': (url, { target: { refresh } }) =>
    request(url, 'POST', '/users/auth/logout/', { body: { refresh } }),
  'password change': async (url, { target: { username, password } }) => {
    const { access } = await signIn(url, username);
    const body = { old_password: password, new_password: `${password}-anew` };
    return request(url, 'POST', '/users/auth/password/', { access, body });
  },
  'account deletion': async (url, { target: { username, password } }) => {
    const { access } = await signIn(url, username);
    return request(url, 'DELETE', '/users/auth/profile/', { access, body: { password } });
  },
};

/** Returns the milliseconds from the answer until all sockets that must close have closed. */
async function closed(way: Way, { single, joined }: Victim, doneAtMs: number): Promise<number> {
  const closing = endsSessions(way) ? [single, joined] : [single];
  await Promise.all(closing.map((client) => client.closed(closeWithinMs + 3_000)));
  return Math.max(0, ...closing.map(({ closedWith }) => (closedWith?.at ?? Infinity) - doneAtMs));
}

function overHttp(url: string, { access }: Person, room: RoomView, content: string): Promise<unknown> {
  const path = `/chat/rooms/${room.room_id}/messages/`;
  return request(url, 'POST', path, { access, body: { content } }).catch(() => undefined);
}

/** Counts the entries that a remaining member lacks after requesting the history. */
async function missedBy(client: PlainClient, room: RoomView, { table }: FaultyRuntime): Promise<number> {
  let known = 0;
  while (receivedEvents(client, room.room_id).has(known + 1)) known += 1;
  const head = await catchUp(client, room.room_id, known);
  const missed = await findMissed(table, room.room_id, receivedEvents(client, room.room_id));
  return head === undefined ? missed.length : missed.filter((seq) => seq <= head).length;
}
