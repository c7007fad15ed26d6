/**
 * Delivers batches of the table stream and asynchronous invocations several times, shuffled, failed or killed
 * halfway, and lets one record fail always. What was not handled is stored as failed, with its records. Redriven after
 * the cause is gone, every subscriber has received all messages, those of the poison record included.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { redrive } from '../../../tools/redrive/redrive.ts';
import { openLocal } from '../../../tools/redrive/target.ts';
import { checkRoom, type Acknowledgement, type Sent } from '../checker.ts';
import { newPeople, newRoom, request, type Person, type RoomView } from '../harness/people.ts';
import { plainClient, type ChatEvent, type PlainClient } from '../harness/plain-client.ts';
import { seeded } from '../harness/random.ts';
import type { FaultyRuntime } from '../harness/runtime.ts';
import { addCounts, type Counts, type Scenario } from '../harness/scenario.ts';
import { unevenDeliveries } from './uneven-deliveries.ts';

interface Size {
  smallRooms: number;
  subscribersPerSmallRoom: number;
  /** Enough for a large room, whose entries are published in slices. */
  subscribersOfLargeRoom: number;
  /** Sent over HTTP, and so published by the table stream. One of them is the poison record. */
  messages: number;
  patienceMs: number;
}

export const name = 'at-least-once delivery';

export const sizes = {
  short: {
    smallRooms: 2,
    subscribersPerSmallRoom: 2,
    subscribersOfLargeRoom: 10,
    messages: 60,
    patienceMs: 20_000,
  },
  middle: {
    smallRooms: 4,
    subscribersPerSmallRoom: 4,
    subscribersOfLargeRoom: 102,
    messages: 300,
    patienceMs: 40_000,
  },
  full: {
    smallRooms: 9,
    subscribersPerSmallRoom: 5,
    subscribersOfLargeRoom: 102,
    messages: 1_000,
    patienceMs: 90_000,
  },
};

interface Place {
  room: RoomView;
  author: Person;
  subscribers: PlainClient[];
  sent: Sent[];
  acknowledgements: Acknowledgement[];
}

/** How long the poison record holds up the records behind it. */
const maximumRecordAgeSeconds = 3;

export const atLeastOnceDelivery: Scenario<Size> = {
  name,
  sizes,
  settings: { maximumRecordAgeSeconds },
  async run({ seed, size, runtime, log }) {
    const random = seeded(seed);
    const people = await newPeople(runtime.url, size.subscribersPerSmallRoom);
    const places: Place[] = [];
    for (let made = 0; made <= size.smallRooms; made += 1) {
      const subscribers = made < size.smallRooms ? size.subscribersPerSmallRoom : size.subscribersOfLargeRoom;
      places.push(await openPlace(runtime, people, subscribers));
    }
    const poisoned = await openPlace(runtime, people, 1);
    const undeliveredBefore = runtime.undelivered.size;
    await runtime.rules.add(...unevenDeliveries(seed), {
      id: 'poison',
      point: 'database',
      action: 'fail',
      status: 400,
      error: 'ValidationException',
      match: { function: 'tableStream', contains: poisoned.room.room_id },
    });
    log('the rooms are open');

    const poisonAt = Math.floor(size.messages / 2);
    const plan = Array.from({ length: size.messages }, (_, index) =>
      index === poisonAt ? poisoned : random.pick(places),
    );
    let failed = 0;
    for (let from = 0; from < plan.length; from += 4) {
      const some = plan.slice(from, from + 4);
      const outcomes = await Promise.all(some.map((place, index) => post(runtime.url, place, from + index)));
      failed += outcomes.filter((stored) => !stored).length;
    }
    log('everything has been sent');

    const until = Date.now() + size.patienceMs;
    const all = [...places, poisoned];
    const isStored = (): boolean =>
      runtime.failures().some((failure) => failure.includes(poisoned.room.room_id));
    while (!isStored() && Date.now() < until) await delay(100);
    const poisonNotStored = isStored() ? 0 : 1;
    const failures = runtime.failures().length;
    const deliveries = await runtime.rules.list();
    await runtime.rules.clear();
    const receivedBeforeRedrive = countNotReceived(poisoned) === 0 ? 1 : 0;
    const failedAgain = await redriveAll(
      runtime,
      () => all.every((place) => countNotReceived(place) === 0),
      until,
    );

    const checked = await Promise.all(all.map((place) => check(runtime, place)));
    for (const { subscribers } of all) await Promise.all(subscribers.map((subscriber) => subscriber.close()));
    const leftBehind = await countLeftBehind(runtime, all, Date.now() + size.patienceMs);
    const undelivered = runtime.undelivered.size - undeliveredBefore;
    const deliveryCounts: Counts = {
      done: {
        unevenDeliveries: deliveries
          .filter(({ id }) => id !== 'poison')
          .reduce((sum, { fired }) => sum + fired, 0),
        sockets: all.reduce((sum, { subscribers }) => sum + subscribers.length, 0),
        failures,
        undelivered,
      },
      wrong: {
        failed,
        notReceived: all.reduce((sum, place) => sum + countNotReceived(place), 0),
        poisonNotStored,
        receivedBeforeRedrive,
        failedAgain,
        leftBehind,
      },
    };
    return addCounts([...checked, deliveryCounts]);
  },
};

/** Opens a room whose subscribers never request history: what they receive was posted to them. */
async function openPlace(
  { url, webSocketUrl }: FaultyRuntime,
  people: readonly Person[],
  count: number,
): Promise<Place> {
  const author = people[0]!;
  const room = await newRoom(url, author);
  const subscribers = Array.from({ length: count }, (_, index) =>
    plainClient({ webSocketUrl, access: people[index % people.length]!.access, room: room.room_name }),
  );
  for (let from = 0; from < count; from += 10) {
    const some = subscribers.slice(from, from + 10);
    await Promise.all(some.map((subscriber) => subscriber.enter('history=0', 30_000)));
  }
  return { room, author, subscribers, sent: [], acknowledgements: [] };
}

async function post(url: string, place: Place, index: number): Promise<boolean> {
  const { room, author } = place;
  const content = `message ${index}`;
  const { status, body } = await request(url, 'POST', `/chat/rooms/${room.room_id}/messages/`, {
    access: author.access,
    body: { content },
  });
  if (status !== 201) return false;
  place.sent.push({ userId: author.id, content });
  place.acknowledgements.push({
    userId: author.id,
    seq: body.seq,
    messageId: body.message_id,
    duplicate: false,
  });
  return true;
}

function receivedBy({ record }: PlainClient): Map<number, ChatEvent> {
  return new Map(
    record
      .filter(({ event }) => event.type === 'chat_message')
      .map(({ event }) => [event['seq'] as number, event]),
  );
}

function countNotReceived({ subscribers, acknowledgements }: Place): number {
  return subscribers.reduce((sum, subscriber) => {
    const received = receivedBy(subscriber);
    return sum + acknowledgements.filter(({ seq }) => !received.has(seq)).length;
  }, 0);
}

async function check(
  { table }: FaultyRuntime,
  { room, sent, acknowledgements, subscribers }: Place,
): Promise<Counts> {
  const views = subscribers.map((subscriber) => ({ seen: receivedBy(subscriber), since: Infinity }));
  return checkRoom(table, { roomId: room.room_id, sent, acknowledgements, views });
}

/** Counts subscriptions whose socket has closed. */
async function countLeftBehind({ table }: FaultyRuntime, places: Place[], until: number): Promise<number> {
  for (;;) {
    const rooms = new Set(places.map(({ room }) => room.room_id));
    const left = (await table.startingWith('LIVE#')).filter(({ pk }) => rooms.has(pk.split('#')[1]!));
    if (left.length === 0 || Date.now() >= until) return left.length;
    await delay(300);
  }
}

/**
 * Redrives until everything was received: a record behind the poison record may be given up only now. Returns how many
 * failures failed again.
 */
async function redriveAll({ url }: FaultyRuntime, isDone: () => boolean, until: number): Promise<number> {
  const target = await openLocal(url);
  let failedAgain = 0;
  do {
    const { failed, unreadable } = await redrive({ ...target, isDryRun: false, print: () => undefined });
    failedAgain += failed + unreadable;
    await delay(200);
  } while (!isDone() && Date.now() < until);
  return failedAgain;
}
