/**
 * The users and rooms of one run, and the changes of rooms over HTTP. It records which names each room had at what
 * time, and the log of a room before its deletion.
 */

import { newPerson, request, uniqueName, type HttpAnswer, type Person } from '../harness/people.ts';
import type { FaultyRuntime } from '../harness/runtime.ts';
import { accessOf } from './access.ts';
import type { LoggedMessage, NameSpan, RoomEvidence } from './evidence.ts';
import { firstNewRoom, roomCount, userCount } from './schedule.ts';

export interface KnownRoom {
  roomId: string;
  label: string;
  /** Undefined for a direct room. */
  owner: Person | undefined;
  names: NameSpan[];
  /** Users who were not members at some time. */
  closedTo: Set<string>;
  /** The log just before the room was deleted; undefined while it exists. */
  lastLog: LoggedMessage[] | undefined;
}

export interface Fixture {
  users: readonly Person[];
  /** A member of the private rooms whose only sockets are those that read presence. */
  observer: Person;
  /** All room names of the run start with this. */
  prefix: string;
  /** The rooms by the numbers that steps use; undefined where the room does not exist yet. */
  slots: (KnownRoom | undefined)[];
  /** All rooms that the fixture created, including those without a number. */
  known: KnownRoom[];
  /** Returns the names of the room with that number, the current one last. */
  namesOf(slot: number): string[];
  rename(slot: number): Promise<void>;
  remove(slot: number): Promise<void>;
  reuseName(slot: number, user: number): Promise<void>;
  setMember(slot: number, user: number, isMember: boolean): Promise<void>;
  readLog(roomId: string): Promise<LoggedMessage[]>;
  /** Reads all rooms of the run, including those that sockets created. */
  readRooms(): Promise<RoomEvidence[]>;
}

/** Folds a name for comparison: to lower case and NFKC. */
export const foldName = (name: string): string => name.normalize('NFKC').toLowerCase();

export async function createFixture(runtime: FaultyRuntime, seed: number): Promise<Fixture> {
  const { url, table } = runtime;
  const prefix = uniqueName(`run${seed}`);
  const people = await Promise.all(
    Array.from({ length: userCount + 1 }, (_, index) => newPerson(url, `u${index}`)),
  );
  const users = people.slice(0, userCount);
  const [first, second, third, observer] = people as [Person, Person, Person, Person];
  const slots: (KnownRoom | undefined)[] = [];
  const known: KnownRoom[] = [];
  /** Changes of one room follow one another, so that the times of its names are known. */
  const lanes = new Map<number, Promise<void>>();

  async function requestAs(
    person: Person,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<HttpAnswer> {
    const access = await accessOf(url, person);
    return request(url, method, path, { access, ...(body === undefined ? {} : { body }) });
  }

  async function create(label: string, owner: Person, room_name: string, is_private: boolean) {
    const from = Date.now();
    const { status, body } = await requestAs(owner, 'POST', '/chat/rooms/create/', { room_name, is_private });
    if (status !== 201) return undefined;
    const names = [{ name: foldName(room_name), from, until: Infinity }];
    const others = people.filter((person) => is_private && person !== owner).map(({ id }) => id);
    const room: KnownRoom = {
      roomId: body.room_id,
      label,
      owner,
      names,
      closedTo: new Set(others),
      lastLog: undefined,
    };
    known.push(room);
    return room;
  }

  const setMember = (room: KnownRoom, person: Person, isMember: boolean): Promise<HttpAnswer> => {
    const path = `/chat/rooms/${room.roomId}/members`;
    return isMember
      ? requestAs(room.owner!, 'POST', `${path}/add/`, { user_id: person.id })
      : requestAs(room.owner!, 'DELETE', `${path}/remove/${person.id}/`);
  };

  slots[0] = await create('the public room', first, `${prefix}-open`, false);
  slots[1] = await create('the private room', first, `${prefix}-hidden`, true);
  const direct = await requestAs(first, 'POST', `/chat/dm/${second.id}`);
  const directNames = [{ name: foldName(direct.body.room_name), from: 0, until: Infinity }];
  slots[2] = {
    roomId: direct.body.room_id,
    label: 'the direct room',
    owner: undefined,
    names: directNames,
    closedTo: new Set([third.id]),
    lastLog: undefined,
  };
  known.push(slots[2]);
  slots[3] = await create('the shared private room', second, `${prefix}-shared`, true);
  await Promise.all([
    setMember(slots[1]!, second, true),
    setMember(slots[1]!, observer, true),
    setMember(slots[3]!, first, true),
    setMember(slots[3]!, third, true),
    setMember(slots[3]!, observer, true),
  ]);
  slots[1]!.closedTo.delete(second.id);
  for (const { id } of [first, third]) slots[3]!.closedTo.delete(id);
  for (let slot = firstNewRoom; slot < roomCount; slot += 1) slots[slot] = undefined;

  function inOrder(slot: number, change: () => Promise<void>): Promise<void> {
    const next = (lanes.get(slot) ?? Promise.resolve()).then(change);
    lanes.set(slot, next);
    return next;
  }

  async function readLog(roomId: string): Promise<LoggedMessage[]> {
    const entries = await table.logOf(roomId);
    return entries
      .filter(({ kind }) => kind === 'message')
      .map((entry) => ({ seq: entry.seq, text: String(entry['content']), author: String(entry['user_id']) }));
  }

  return {
    users,
    observer,
    prefix,
    slots,
    known,
    readLog,
    namesOf(slot) {
      return slots[slot]?.names.map(({ name }) => name) ?? [`${prefix}-new-${slot}`];
    },
    rename: (slot) =>
      inOrder(slot, async () => {
        const room = slots[slot];
        if (room?.owner === undefined || room.lastLog !== undefined) return;
        const room_name = uniqueName(`${prefix}-renamed`);
        room.names.push({ name: foldName(room_name), from: Date.now(), until: Infinity });
        const { status } = await requestAs(room.owner, 'PATCH', `/chat/rooms/${room.roomId}/`, { room_name });
        // The old name leads to the room even after a successful rename.
        if (status !== 200) room.names.pop();
      }),
    remove: (slot) =>
      inOrder(slot, async () => {
        const room = slots[slot];
        if (room?.owner === undefined || room.lastLog !== undefined) return;
        const lastLog = await readLog(room.roomId);
        await requestAs(room.owner, 'DELETE', `/chat/rooms/${room.roomId}/`);
        room.lastLog = lastLog;
        for (const span of room.names) span.until = Math.min(span.until, Date.now());
      }),
    reuseName: (slot, user) =>
      inOrder(slot, async () => {
        const room = slots[slot];
        const free = room?.names.at(room.lastLog === undefined ? -2 : -1);
        if (room === undefined || free === undefined) return;
        const label = `a public room by the old name of ${room.label}`;
        if ((await create(label, users[user]!, free.name, false)) !== undefined) {
          free.until = Math.min(free.until, Date.now());
        }
      }),
    setMember: (slot, user, isMember) =>
      inOrder(slot, async () => {
        const room = slots[slot];
        const isPrivate = slot === 1 || slot === 3;
        if (!isPrivate || room === undefined || room.lastLog !== undefined) return;
        if (room.owner === users[user]) return;
        if (!isMember) room.closedTo.add(users[user]!.id);
        await setMember(room, users[user]!, isMember);
      }),
    async readRooms() {
      const items = await table.startingWith('ROOM#');
      const found = items.filter(
        (item) => item.sk === 'ROOM' && foldName(String(item['room_name'])).startsWith(foldName(prefix)),
      );
      const createdBySockets = found
        .map((item) => ({ item, roomId: item.pk.slice('ROOM#'.length) }))
        .filter(({ roomId }) => !known.some((room) => room.roomId === roomId))
        .map(({ item, roomId }) => ({
          roomId,
          label: `the room ${String(item['room_name'])} that a socket created`,
          names: [{ name: foldName(String(item['room_name'])), from: 0, until: Infinity }],
          isMadeBySocket: true,
          createdAtMs: new Date(item['created_at'] as string | number).getTime(),
          creator: String(item['creator_id']),
          closedTo: new Set<string>(),
          lastLog: undefined,
        }));
      const created = known.map((room) => ({ ...room, isMadeBySocket: false, createdAtMs: 0, creator: '' }));
      return Promise.all(
        [...created, ...createdBySockets].map(async ({ lastLog, closedTo, ...room }) => ({
          ...room,
          closedTo: [...closedTo],
          isDeleted: lastLog !== undefined,
          log: lastLog ?? (await readLog(room.roomId)),
        })),
      );
    },
  };
}
