import { openDB } from 'idb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  maxMessages,
  maxRooms,
  RoomDatabase,
  schemaVersion,
} from '../../../client/src/offline/room-database.ts';
import type { KnownRows, RoomChange, StoredRoom } from '../../../client/src/offline/stored-room.ts';
import type { Message } from '../../../client/src/index.ts';
import { ann, bob, roomId } from '../server-events.ts';
import { databaseName, openDatabase, openFakeBrowser, readStored } from './fake-browser.ts';

beforeEach(() => void openFakeBrowser());

const message = (seq: number, more: Partial<Message> = {}): Message => ({
  message_id: `m${seq}`,
  room_id: roomId,
  seq,
  sender_id: bob.id,
  sender_username: 'bob',
  content: `message ${seq}`,
  timestamp: '2027-01-15T08:00:00.000Z',
  edited_at: null,
  is_deleted: false,
  ...more,
});

const messages = (from: number, to: number): Message[] =>
  Array.from({ length: to - from + 1 }, (_, index) => message(from + index));

const room = (all: Message[], more: Partial<StoredRoom> = {}): StoredRoom => ({
  room_id: roomId,
  name: 'general',
  frontier: all.at(-1)?.seq ?? 0,
  floor: all[0]?.seq ?? 1,
  hasOlder: false,
  marker: undefined,
  readers: new Map(),
  messages: all,
  ...more,
});

const change = (stored: StoredRoom, more: Partial<RoomChange> = {}): RoomChange => ({
  room: stored,
  names: ['general'],
  known: undefined,
  isReset: false,
  usedAtMs: 0,
  ...more,
});

const known = (rows: KnownRows | 'foreign' | undefined): KnownRows => {
  if (rows === undefined || rows === 'foreign') throw new Error('The room was not written.');
  return rows;
};

/** Opens the database as that of ann, with a room. */
async function openWithRoom(stored = room(messages(1, 3))) {
  const database = await openDatabase();
  await database.begin(ann.id);
  const rows = known(await database.write(ann.id, change(stored)));
  return { database, rows };
}

const contents = async (): Promise<string[] | undefined> =>
  (await readStored(ann.id, { roomId }))?.messages.map(({ content }) => content);

describe('a room in the database', () => {
  test('is found by its id and by a name that it was opened with', async () => {
    const stored = room(messages(2, 3), {
      marker: { message_id: 'm2', unread_count: 1, counted_to: 3 },
      readers: new Map([[bob.id, { username: 'bob', message_id: 'm3', read_at: '2027' }]]),
      hasOlder: true,
    });
    await openWithRoom(stored);
    expect(await readStored(ann.id, { roomId })).toEqual(stored);
    expect(await readStored(ann.id, { names: ['general'] })).toEqual(stored);
    expect(await readStored(ann.id, { names: ['other'] })).toBeUndefined();
    expect(await readStored(ann.id, { roomId: 'other' })).toBeUndefined();
  });

  test('shows changed and deleted messages as they were written last', async () => {
    const { database, rows } = await openWithRoom();
    const changed = [message(1, { content: 'edited', edited_at: '2028' }), message(3, { is_deleted: true })];
    await database.write(ann.id, change(room(changed, { frontier: 5 }), { known: rows }));
    expect(await readStored(ann.id, { roomId })).toMatchObject({ frontier: 5, messages: changed });
  });

  test('keeps the newest messages, and says that the server has older ones', async () => {
    await openWithRoom(room(messages(1, maxMessages + 5)));
    const stored = await readStored(ann.id, { roomId });
    expect(stored).toMatchObject({ floor: 6, frontier: maxMessages + 5, hasOlder: true });
    expect(stored?.messages.map(({ seq }) => seq)).toEqual(
      messages(6, maxMessages + 5).map(({ seq }) => seq),
    );
  });

  test('loses a name that now leads to another room', async () => {
    const { database } = await openWithRoom();
    const other = { ...room([]), room_id: 'other', name: 'general' };
    await database.write(ann.id, change(other));
    expect(await readStored(ann.id, { names: ['general'] })).toMatchObject({ room_id: 'other' });
    expect(await contents()).toHaveLength(3);
  });

  test('is removed with its messages', async () => {
    const { database } = await openWithRoom();
    await database.write(ann.id, change({ ...room([]), room_id: 'other' }, { names: [] }));
    await database.remove(ann.id, roomId);
    expect(await readStored(ann.id, { roomId })).toBeUndefined();
    await database.write(ann.id, change(room([], { frontier: 9 })));
    expect(await contents()).toEqual([]);
    expect(await readStored(ann.id, { roomId: 'other' })).toBeDefined();
  });
});

test('the rooms that were not used for longest are removed', async () => {
  const { database } = await openWithRoom();
  for (let number = 0; number < maxRooms; number += 1) {
    const stored = { ...room([message(1)]), room_id: `room ${number}` };
    await database.write(ann.id, change(stored, { names: [], usedAtMs: 1 + number }));
  }
  expect(await readStored(ann.id, { roomId })).toBeUndefined();
  expect(await readStored(ann.id, { roomId: 'room 0' })).toBeDefined();
  await database.write(ann.id, change({ ...room([]), room_id: 'last' }, { usedAtMs: 1_000 }));
  expect(await readStored(ann.id, { roomId: 'room 0' })).toBeUndefined();
  expect(await readStored(ann.id, { roomId: 'room 1' })).toBeDefined();
});

describe('the rooms of a user', () => {
  test('are hidden from another user, and removed when that user signs in', async () => {
    const { database } = await openWithRoom();
    expect(await database.read(bob.id, { roomId, names: [] })).toBeUndefined();
    expect(await database.write(bob.id, change(room(messages(1, 9))))).toBe('foreign');
    await database.remove(bob.id, roomId);
    await database.end(bob.id);
    expect(await contents()).toHaveLength(3);
    await database.begin(bob.id);
    expect(await readStored(bob.id, { roomId })).toBeUndefined();
    expect(await contents()).toBeUndefined();
  });

  test('are removed when the user signs out while another tab has the database open', async () => {
    const { rows } = await openWithRoom();
    const other = await openDatabase();
    await other.end(ann.id);
    const all = await openDB(databaseName);
    const counts = await Promise.all(Array.from(all.objectStoreNames, (store) => all.count(store)));
    all.close();
    expect(counts).toEqual([0, 0, 0]);
    const late = change(room(messages(1, 4)), { known: rows });
    expect(await other.write(ann.id, late)).toBe('foreign');
  });

  test('stay when the user signs in again', async () => {
    const { database } = await openWithRoom();
    await database.begin(ann.id);
    expect(await contents()).toHaveLength(3);
  });
});

describe('of two tabs that store the same room', () => {
  test('the one that knows less of the log changes nothing', async () => {
    await openWithRoom(room(messages(1, 5)));
    const other = await openDatabase();
    const stale = room([message(1, { content: 'stale' })], { frontier: 5 });
    expect(await other.write(ann.id, change(stale))).toBeUndefined();
    expect(await contents()).toEqual(messages(1, 5).map(({ content }) => content));
  });

  test('the one that knows more replaces everything, also what the other one believes to be stored', async () => {
    const { database, rows } = await openWithRoom(room(messages(1, 3)));
    const other = await openDatabase();
    const edited = [message(2, { content: 'edited', edited_at: '2028' }), message(3)];
    await other.write(ann.id, change(room(edited, { frontier: 4 })));
    expect(await contents()).toEqual(['edited', 'message 3']);
    const all = [
      message(1),
      message(2, { content: 'edited again', edited_at: '2029' }),
      message(3),
      message(6),
    ];
    await database.write(ann.id, change(room(all), { known: rows }));
    expect(await contents()).toEqual(['message 1', 'edited again', 'message 3', 'message 6']);
  });

  test('the one whose log the server has declared void replaces what is stored', async () => {
    const { database } = await openWithRoom(room(messages(1, 5)));
    await database.write(ann.id, change(room(messages(1, 2)), { isReset: true }));
    expect(await contents()).toEqual(['message 1', 'message 2']);
  });
});

describe('the database', () => {
  test('is empty after an upgrade, and works', async () => {
    const old = await openDB(databaseName, schemaVersion, {
      upgrade: (created) => void created.createObjectStore('rooms', { autoIncrement: true }),
    });
    await old.add('rooms', 'in an older form');
    old.close();
    const database = await openDatabase({ version: schemaVersion + 1 });
    await database.begin(ann.id);
    expect(await database.read(ann.id, { roomId, names: [] })).toBeUndefined();
    await database.write(ann.id, change(room(messages(1, 2))));
    expect((await database.read(ann.id, { roomId, names: [] }))?.room.messages).toHaveLength(2);
  });

  test('is not opened when a newer version of the client has changed it, and is left as it is', async () => {
    const newer = await openDB(databaseName, schemaVersion + 1, {
      upgrade: (created) => void created.createObjectStore('something else'),
    });
    await expect(openDatabase()).rejects.toMatchObject({ name: 'VersionError' });
    expect(Array.from(newer.objectStoreNames)).toEqual(['something else']);
    newer.close();
  });

  test('is closed for a newer version in another tab, and not used any more', async () => {
    const closed = vi.fn<() => void>();
    const database = await RoomDatabase.open({ name: databaseName, closed });
    const newer = await openDatabase({ version: schemaVersion + 1 });
    expect(closed).toHaveBeenCalledOnce();
    await expect(database.begin(ann.id)).rejects.toMatchObject({ name: 'InvalidStateError' });
    await newer.begin(ann.id);
  });

  test('fails to open at once when another tab does not close an older version', async () => {
    const old = await openDB(databaseName, schemaVersion);
    await expect(openDatabase({ version: schemaVersion + 1 })).rejects.toThrow('Another tab holds');
    old.close();
    await expect(openDatabase({ version: schemaVersion + 1 })).resolves.toBeInstanceOf(RoomDatabase);
  });
});
