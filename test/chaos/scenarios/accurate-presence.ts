/**
 * Presence is true: sockets that vanish without `$disconnect` are found gone by the next post, or by the end of their
 * lease, and leave nothing behind; who is there is told rightly with several devices, quick returns and changes told twice.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { newPeople, newRoom, type Person, type RoomView } from '../harness/people.ts';
import { plainClient, type PlainClient } from '../harness/plain-client.ts';
import { eachOf, enterAgain, eventually } from '../harness/plain-room.ts';
import { seeded } from '../harness/random.ts';
import type { FaultyRuntime } from '../harness/runtime.ts';
import type { Counts, Scenario } from '../harness/scenario.ts';

interface Size {
  rooms: number;
  /** Cut in each room: half of them found by a post, half by their lease. */
  socketsPerRoom: number;
  /** Of one person each. */
  comings: number;
  /** How long the vanished ones may be shown; a post finds nobody gone who came less than fifteen seconds ago. */
  patienceMs: number;
}

export const accuratePresence: Scenario<Size> = {
  name: 'accurate presence',
  sizes: {
    short: { rooms: 2, socketsPerRoom: 6, comings: 4, patienceMs: 40_000 },
    middle: { rooms: 6, socketsPerRoom: 20, comings: 20, patienceMs: 40_000 },
    full: { rooms: 20, socketsPerRoom: 25, comings: 100, patienceMs: 60_000 },
  },
  // A lease of two and a half seconds from the last ping on.
  settings: { environment: { HEARTBEAT_SECONDS: '1', ACCESS_TOKEN_LIFETIME_MINUTES: '60' } },
  async run({ seed, size, runtime, log }) {
    const counts: Counts & { done: Record<string, number>; wrong: Record<string, number> } = {
      done: { cut: 0, gone: 0, comings: 0, slowestMs: 0 },
      wrong: { stillShown: 0, leftBehind: 0, falselyGone: 0 },
    };
    const people = await newPeople(runtime.url, Math.max(8, Math.ceil(size.socketsPerRoom / 2)) + 1);
    await vanish(runtime, people, size, counts, 'post', log);
    await vanish(runtime, people, size, counts, 'lease', log);
    await comeAndGo(runtime, people, seed, size.comings, counts);
    return counts;
  },
};

interface Gathering {
  room: RoomView;
  observer: PlainClient;
  sockets: PlainClient[];
}

async function vanish(
  runtime: FaultyRuntime,
  people: Person[],
  size: Size,
  { done, wrong }: Counts,
  foundBy: 'post' | 'lease',
  log: (line: string) => void,
): Promise<void> {
  const { rules, table } = runtime;
  const perRoom = Math.ceil(size.socketsPerRoom / 2);
  const gatherings: Gathering[] = [];
  // The sockets first, all observers after them: the oldest are cut.
  await eachOf(Array.from({ length: size.rooms }), 4, async () => {
    gatherings.push(await gather(runtime, people, perRoom));
  });
  // Whoever pings promises to go on: its lease is short from now on.
  const sockets = gatherings.flatMap((gathering) => gathering.sockets);
  if (foundBy === 'lease')
    await eachOf(sockets, 20, async (socket) => void (await socket.ask({ type: 'ping' }, 'pong')));
  const connections = await table.startingWith('CONN#');
  const victims = new Set(connections.map((item) => item['connection_id'] as string));
  for (const { observer } of gatherings) await enterAgain(observer, 'history=0');
  const cut = await rules.now({ point: 'socket', action: 'drop', count: sockets.length });
  done['cut'] = (done['cut'] ?? 0) + cut;

  const startedAt = Date.now();
  const isClean = async (): Promise<boolean> => {
    if (foundBy === 'lease') await rules.sweep();
    for (const { observer } of gatherings)
      observer.send(
        foundBy === 'post' ? { type: 'message', content: 'is anybody there?' } : { type: 'ping' },
      );
    const left = [...(await table.startingWith('LIVE#')), ...(await table.startingWith('CONN#'))];
    return !left.some((item) => victims.has(item['connection_id'] ?? item.sk));
  };
  await eventually(isClean, size.patienceMs, 1_000);
  const there = [...(await table.startingWith('LIVE#')), ...(await table.startingWith('CONN#'))];
  const left = there.filter((item) => victims.has(item['connection_id'] ?? item.sk));
  for (const item of left) log(`left behind, ${foundBy}: ${JSON.stringify(item)} at ${Date.now()}`);
  wrong['leftBehind']! += left.length;
  for (const { observer, room } of gatherings) {
    const isEmpty = await eventually(
      () => shownBy(observer, room).size <= 1,
      Math.min(8_000, size.patienceMs),
    );
    if (!isEmpty) wrong['stillShown']! += shownBy(observer, room).size - 1;
  }
  done['gone'] =
    (done['gone'] ?? 0) + victims.size - new Set(left.map((item) => item['connection_id'] ?? item.sk)).size;
  done['slowestMs'] = Math.max(done['slowestMs'] ?? 0, Date.now() - startedAt);
  await Promise.all(gatherings.map(({ observer }) => observer.close()));
}

async function gather(
  { url, webSocketUrl }: FaultyRuntime,
  people: Person[],
  count: number,
): Promise<Gathering> {
  const [watching, ...others] = people as [Person, ...Person[]];
  const room = await newRoom(url, watching);
  const at = { webSocketUrl, room: room.room_name };
  const sockets = Array.from({ length: count }, (_, index) =>
    plainClient({ ...at, access: others[index % others.length]!.access }),
  );
  await eachOf(sockets, 4, async (socket) => {
    await enterAgain(socket, 'history=0');
  });
  return { room, sockets, observer: plainClient({ ...at, access: watching.access }) };
}

/** Who is there, as far as a client was told. */
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

/** Three devices of one person come and go, quickly, and every change is told once or twice. */
async function comeAndGo(
  { url, webSocketUrl, rules, table }: FaultyRuntime,
  people: Person[],
  seed: number,
  comings: number,
  { done, wrong }: Counts,
): Promise<void> {
  const [watching, person] = people as [Person, Person];
  const random = seeded(seed, 'comings');
  const room = await newRoom(url, watching);
  const at = { webSocketUrl, room: room.room_name };
  const observer = plainClient({ ...at, access: watching.access });
  await enterAgain(observer, 'history=0');
  await rules.add(
    { id: 'twice', point: 'stream', action: 'duplicate', probability: 0.4, seed: `${seed}/twice` },
    { id: 'slow', point: 'stream', action: 'delay', delayMs: 80, probability: 0.3, seed: `${seed}/slow` },
  );
  const devices = Array.from({ length: 3 }, () => plainClient({ ...at, access: person.access }));
  for (let coming = 0; coming < comings; coming += 1) {
    const device = random.pick(devices);
    const steps = random.integer(1, 3);
    for (let step = 0; step < steps; step += 1) {
      if (device.isOpen && random.chance(0.5)) device.cut();
      else await enterAgain(device, 'history=0');
      await delay(random.integer(0, 40));
    }
    done['comings'] = (done['comings'] ?? 0) + 1;
    const isThere = devices.some((one) => one.isOpen);
    const isTold = await eventually(() => shownBy(observer, room).has(person.id) === isThere, 5_000, 20);
    if (!isTold) wrong[isThere ? 'falselyGone' : 'stillShown']! += 1;
  }
  for (const device of devices) device.cut();
  await rules.clear();
  const isOver = await eventually(async () => {
    const left = await table.startingWith(`LIVE#${room.room_id}#`);
    return !left.some((item) => item['user_id'] === person.id);
  }, 8_000);
  if (!isOver) wrong['leftBehind']! += 1;
  if (!(await eventually(() => !shownBy(observer, room).has(person.id), 5_000))) wrong['stillShown']! += 1;
  await observer.close();
}
