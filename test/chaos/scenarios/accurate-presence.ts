/**
 * Loses sockets without `$disconnect`: the next post or the end of their lease detects them, and nothing of them is
 * left in the table. Presence is also correct with several devices, quick reconnects and repeated stream batches.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { newPeople, newRoom, type Person, type RoomView } from '../harness/people.ts';
import { plainClient, type PlainClient } from '../harness/plain-client.ts';
import { becomesTrue } from '../../kit/eventually.ts';
import { forEachConcurrent, enterWithRetries } from '../harness/plain-room.ts';
import { seeded } from '../harness/random.ts';
import type { FaultyRuntime } from '../harness/runtime.ts';
import type { Counts, Scenario } from '../harness/scenario.ts';

interface Size {
  rooms: number;
  /** Lost in each room: half of them are detected by a post, half by the end of their lease. */
  socketsPerRoom: number;
  /** How often the devices of one user connect or drop. */
  visits: number;
  /** How long lost sockets may be shown. A post does not remove a connection younger than `handshakeMs`. */
  patienceMs: number;
}

export const accuratePresence: Scenario<Size> = {
  name: 'accurate presence',
  sizes: {
    short: { rooms: 2, socketsPerRoom: 6, visits: 4, patienceMs: 40_000 },
    middle: { rooms: 6, socketsPerRoom: 20, visits: 20, patienceMs: 40_000 },
    full: { rooms: 20, socketsPerRoom: 25, visits: 100, patienceMs: 60_000 },
  },
  // The lease is two and a half seconds from the last ping.
  settings: { environment: { HEARTBEAT_SECONDS: '1', ACCESS_TOKEN_LIFETIME_MINUTES: '60' } },
  async run({ seed, size, runtime, log }) {
    const counts: Counts & { done: Record<string, number>; wrong: Record<string, number> } = {
      done: { cut: 0, gone: 0, visits: 0, slowestMs: 0 },
      wrong: { stillShown: 0, leftBehind: 0, falselyAbsent: 0 },
    };
    const people = await newPeople(runtime.url, Math.max(8, Math.ceil(size.socketsPerRoom / 2)) + 1);
    await loseSockets(runtime, people, size, counts, 'post', log);
    await loseSockets(runtime, people, size, counts, 'lease', log);
    await dropAndResume(runtime, people, seed, size.visits, counts);
    return counts;
  },
};

interface RoomFixture {
  room: RoomView;
  observer: PlainClient;
  sockets: PlainClient[];
}

async function loseSockets(
  runtime: FaultyRuntime,
  people: Person[],
  size: Size,
  { done, wrong }: Counts,
  detectedBy: 'post' | 'lease',
  log: (line: string) => void,
): Promise<void> {
  const { rules, table } = runtime;
  const perRoom = Math.ceil(size.socketsPerRoom / 2);
  const fixtures: RoomFixture[] = [];
  // The observers connect last, because the oldest sockets are lost.
  await forEachConcurrent(Array.from({ length: size.rooms }), 4, async () => {
    fixtures.push(await openRoomFixture(runtime, people, perRoom));
  });
  // From the first ping on, the lease is short.
  const sockets = fixtures.flatMap((fixture) => fixture.sockets);
  if (detectedBy === 'lease')
    await forEachConcurrent(sockets, 20, async (socket) => void (await socket.ask({ type: 'ping' }, 'pong')));
  const connections = await table.startingWith('CONN#');
  const victims = new Set(connections.map((item) => item['connection_id'] as string));
  for (const { observer } of fixtures) await enterWithRetries(observer, 'history=0');
  const cut = await rules.now({ point: 'socket', action: 'drop', count: sockets.length });
  done['cut'] = (done['cut'] ?? 0) + cut;

  const startedAtMs = Date.now();
  const isClean = async (): Promise<boolean> => {
    if (detectedBy === 'lease') await rules.sweep();
    for (const { observer } of fixtures)
      observer.send(
        detectedBy === 'post' ? { type: 'message', content: 'a post to every socket' } : { type: 'ping' },
      );
    const left = [...(await table.startingWith('LIVE#')), ...(await table.startingWith('CONN#'))];
    return !left.some((item) => victims.has(item['connection_id'] ?? item.sk));
  };
  await becomesTrue(isClean, size.patienceMs, 1_000);
  const stored = [...(await table.startingWith('LIVE#')), ...(await table.startingWith('CONN#'))];
  const left = stored.filter((item) => victims.has(item['connection_id'] ?? item.sk));
  for (const item of left) log(`left behind (${detectedBy}): ${JSON.stringify(item)} at ${Date.now()}`);
  wrong['leftBehind']! += left.length;
  for (const { observer, room } of fixtures) {
    const isEmpty = await becomesTrue(
      () => shownBy(observer, room).size <= 1,
      Math.min(8_000, size.patienceMs),
    );
    if (!isEmpty) wrong['stillShown']! += shownBy(observer, room).size - 1;
  }
  done['gone'] =
    (done['gone'] ?? 0) + victims.size - new Set(left.map((item) => item['connection_id'] ?? item.sk)).size;
  done['slowestMs'] = Math.max(done['slowestMs'] ?? 0, Date.now() - startedAtMs);
  await Promise.all(fixtures.map(({ observer }) => observer.close()));
}

async function openRoomFixture(
  { url, webSocketUrl }: FaultyRuntime,
  people: Person[],
  count: number,
): Promise<RoomFixture> {
  const [watching, ...others] = people as [Person, ...Person[]];
  const room = await newRoom(url, watching);
  const at = { webSocketUrl, room: room.room_name };
  const sockets = Array.from({ length: count }, (_, index) =>
    plainClient({ ...at, access: others[index % others.length]!.access }),
  );
  await forEachConcurrent(sockets, 4, async (socket) => {
    await enterWithRetries(socket, 'history=0');
  });
  return { room, sockets, observer: plainClient({ ...at, access: watching.access }) };
}

/** Returns the users present, according to the events that a client received. */
function shownBy({ record, sessions }: PlainClient, { room_id: roomId }: RoomView): Set<string> {
  const shown = new Set<string>();
  for (const { event, session } of record) {
    if (session !== sessions || event['room_id'] !== roomId) continue;
    if (event.type === 'room_users_list') for (const { id } of event['users']) shown.add(id);
    if (event.type === 'user_join') shown.add(event['user_id']);
    if (event.type === 'user_leave') shown.delete(event['user_id']);
  }
  return shown;
}

/** Lets three devices of one user connect and drop quickly while stream batches are repeated. */
async function dropAndResume(
  { url, webSocketUrl, rules, table }: FaultyRuntime,
  people: Person[],
  seed: number,
  visits: number,
  { done, wrong }: Counts,
): Promise<void> {
  const [watching, person] = people as [Person, Person];
  const random = seeded(seed, 'comings');
  const room = await newRoom(url, watching);
  const at = { webSocketUrl, room: room.room_name };
  const observer = plainClient({ ...at, access: watching.access });
  await enterWithRetries(observer, 'history=0');
  await rules.add(
    { id: 'twice', point: 'stream', action: 'duplicate', probability: 0.4, seed: `${seed}/twice` },
    { id: 'slow', point: 'stream', action: 'delay', delayMs: 80, probability: 0.3, seed: `${seed}/slow` },
  );
  const devices = Array.from({ length: 3 }, () => plainClient({ ...at, access: person.access }));
  for (let visit = 0; visit < visits; visit += 1) {
    const device = random.pick(devices);
    const steps = random.integer(1, 3);
    for (let step = 0; step < steps; step += 1) {
      if (device.isOpen && random.chance(0.5)) device.cut();
      else await enterWithRetries(device, 'history=0');
      await delay(random.integer(0, 40));
    }
    done['comings'] = (done['comings'] ?? 0) + 1;
    const isPresent = devices.some((one) => one.isOpen);
    const isShown = await becomesTrue(() => shownBy(observer, room).has(person.id) === isPresent, 5_000, 20);
    if (!isShown) wrong[isPresent ? 'falselyAbsent' : 'stillShown']! += 1;
  }
  for (const device of devices) device.cut();
  await rules.clear();
  const isOver = await becomesTrue(async () => {
    const left = await table.startingWith(`LIVE#${room.room_id}#`);
    return !left.some((item) => item['user_id'] === person.id);
  }, 8_000);
  if (!isOver) wrong['leftBehind']! += 1;
  if (!(await becomesTrue(() => !shownBy(observer, room).has(person.id), 5_000))) wrong['stillShown']! += 1;
  await observer.close();
}
