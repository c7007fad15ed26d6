/**
 * The rooms and messages of one user in an IndexedDB database that all tabs share. It holds the data of one user at a
 * time: every read and write names the user, and finds nothing of another one.
 */
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb';
import type { Message, MyRoom } from '../contract/entities.ts';
import {
  isSame,
  type KnownRows,
  type RoomChange,
  type RoomLookup,
  type RoomRow,
  type StoredRoom,
} from './stored-room.ts';

/** Raise it with every change of the rows: what an older version stored is dropped, and loaded from the server again. */
export const schemaVersion = 2;
/** The newest messages that are kept of a room. */
export const maxMessages = 500;
export const maxRooms = 100;

/** The part of the global object that is used here directly: the core is compiled without the types of browsers. */
declare const IDBKeyRange: { bound(lower: unknown, upper: unknown): never };

interface Schema extends DBSchema {
  /** Facts by name: `user_id` is the id of the user whose data this is, `list` the list of their rooms. */
  facts: { key: string; value: unknown };
  rooms: { key: string; value: RoomRow; indexes: { used_at: number; names: string } };
  messages: { key: [string, number]; value: Message };
}

type Stores = ('facts' | 'rooms' | 'messages')[];
type Writing = IDBPTransaction<Schema, Stores, 'readwrite'>;

export interface DatabaseOptions {
  name: string;
  version?: number;
  /** The browser has closed the database, or a newer version of this client wants to change it. */
  closed: () => void;
}

const allStores: Stores = ['facts', 'rooms', 'messages'];

/** A room as it was read, with what the client knows of its rows from now on. */
export interface ReadRoom {
  room: StoredRoom;
  known: KnownRows;
}

export class RoomDatabase {
  readonly #database: IDBPDatabase<Schema>;

  private constructor(database: IDBPDatabase<Schema>) {
    this.#database = database;
  }

  /** @throws {Error} when another tab holds an older version open, a newer version exists, or the browser refuses */
  static async open({ name, version = schemaVersion, closed }: DatabaseOptions): Promise<RoomDatabase> {
    const opening = new Promise<IDBPDatabase<Schema>>((resolve, reject) => {
      let isBlocked = false;
      const request = openDB<Schema>(name, version, {
        upgrade(database) {
          for (const store of Array.from(database.objectStoreNames)) database.deleteObjectStore(store);
          database.createObjectStore('facts');
          const rooms = database.createObjectStore('rooms', { keyPath: 'room_id' });
          rooms.createIndex('used_at', 'used_at');
          rooms.createIndex('names', 'names', { multiEntry: true });
          database.createObjectStore('messages', { keyPath: ['room_id', 'seq'] });
        },
        blocked() {
          isBlocked = true;
          reject(new Error('Another tab holds an older version of the database open.'));
        },
        blocking(_, __, event) {
          // The other tab waits for this.
          (event.target as { close?(): void } | null)?.close?.();
          closed();
        },
        terminated: () => closed(),
      });
      // A database that was blocked is opened later, when the other tab is closed.
      request.then((database) => (isBlocked ? database.close() : resolve(database)), reject);
    });
    return new RoomDatabase(await opening);
  }

  close(): void {
    this.#database.close();
  }

  /** Makes the database that of the user, and removes the data of any other one. */
  async begin(userId: string): Promise<void> {
    const transaction = this.#writing();
    if (!(await isOf(transaction, userId))) {
      clear(transaction);
      quietly(transaction.objectStore('facts').put(userId, 'user_id'));
    }
    await transaction.done;
  }

  /** Removes the data of the user. */
  async end(userId: string): Promise<void> {
    const transaction = this.#writing();
    if (await isOf(transaction, userId)) clear(transaction);
    await transaction.done;
  }

  /** Returns a room of the user; undefined when it is not stored. */
  async read(userId: string, { roomId, names }: RoomLookup): Promise<ReadRoom | undefined> {
    const transaction = this.#database.transaction(allStores);
    quietly(transaction.done);
    if (!(await isOf(transaction, userId))) return undefined;
    const rooms = transaction.objectStore('rooms');
    const row =
      roomId === undefined ? await rooms.index('names').get(names[0] ?? '') : await rooms.get(roomId);
    if (row === undefined) return undefined;
    const { version, names: _, used_at: __, ...room } = row;
    const messages = await transaction.objectStore('messages').getAll(messagesOf(room.room_id));
    return {
      room: { ...room, messages },
      known: { version, messages: new Map(messages.map((message) => [message.seq, message])) },
    };
  }

  /**
   * Stores a room as a client knows it. What another tab has stored is replaced as a whole, and only by a client that
   * knows more of the room's log, so that the rows are always those of one moment.
   *
   * @returns what the client knows of the rows now; undefined when another tab has stored a later state; `foreign` when the
   * database is not that of the user
   */
  async write(userId: string, change: RoomChange): Promise<KnownRows | 'foreign' | undefined> {
    const transaction = this.#writing();
    const result = (await isOf(transaction, userId)) ? await this.#writeInto(transaction, change) : 'foreign';
    await transaction.done;
    return result;
  }

  /** Returns the list of the user's rooms; undefined when none is stored. */
  async readList(userId: string): Promise<readonly MyRoom[] | undefined> {
    const transaction = this.#database.transaction(allStores);
    quietly(transaction.done);
    if (!(await isOf(transaction, userId))) return undefined;
    return (await transaction.objectStore('facts').get('list')) as readonly MyRoom[] | undefined;
  }

  /** Stores the first rooms of the list. */
  async writeList(userId: string, rooms: readonly MyRoom[]): Promise<void> {
    const transaction = this.#writing();
    if (await isOf(transaction, userId))
      quietly(transaction.objectStore('facts').put(rooms.slice(0, maxRooms), 'list'));
    await transaction.done;
  }

  /** Removes a room of the user. */
  async remove(userId: string, roomId: string): Promise<void> {
    const transaction = this.#writing();
    if (await isOf(transaction, userId)) {
      removeRoom(transaction, roomId);
      const facts = transaction.objectStore('facts');
      const list = (await facts.get('list')) as readonly MyRoom[] | undefined;
      const others = list?.filter(({ room_id }) => room_id !== roomId);
      if (others !== undefined) quietly(facts.put(others, 'list'));
    }
    await transaction.done;
  }

  #writing(): Writing {
    const transaction = this.#database.transaction<Stores, 'readwrite'>(allStores, 'readwrite');
    quietly(transaction.done);
    return transaction;
  }

  async #writeInto(
    transaction: Writing,
    { room, names, known, isReset, usedAtMs }: RoomChange,
  ): Promise<KnownRows | undefined> {
    const { messages: all, ...facts } = room;
    const [rooms, messages] = [transaction.objectStore('rooms'), transaction.objectStore('messages')];
    const row = await rooms.get(room.room_id);
    const isKnown = known !== undefined && row?.version === known.version;
    if (row !== undefined && !isKnown && !isReset && row.frontier >= room.frontier) return undefined;
    const before = isKnown
      ? known.messages
      : new Map((await messages.getAll(messagesOf(room.room_id))).map((message) => [message.seq, message]));
    const kept = all.slice(-maxMessages);
    const after = new Map(kept.map((message) => [message.seq, message]));
    const isCut = kept.length < all.length;
    for (const seq of before.keys()) if (!after.has(seq)) quietly(messages.delete([room.room_id, seq]));
    for (const [seq, message] of after) if (!isSame(before.get(seq), message)) quietly(messages.put(message));
    const version = Math.random();
    const added = names.filter((name) => row?.names.includes(name) !== true);
    await this.#releaseNames(transaction, room.room_id, added);
    quietly(
      rooms.put({
        ...facts,
        ...(isCut && { floor: kept[0]?.seq ?? facts.floor, hasOlder: true }),
        names: [...(row?.names ?? []), ...added],
        version,
        used_at: usedAtMs,
      }),
    );
    if (row === undefined) await removeOldest(transaction);
    return { version, messages: after };
  }

  /** Takes names away from the rooms that had them: the server says that they lead to another room. */
  async #releaseNames(transaction: Writing, roomId: string, names: readonly string[]): Promise<void> {
    const rooms = transaction.objectStore('rooms');
    for (const name of names) {
      const row = await rooms.index('names').get(name);
      if (row !== undefined && row.room_id !== roomId)
        quietly(rooms.put({ ...row, names: row.names.filter((other) => other !== name) }));
    }
  }
}

async function isOf(
  transaction: Pick<IDBPTransaction<Schema, Stores, 'readonly' | 'readwrite'>, 'objectStore'>,
  userId: string,
): Promise<boolean> {
  return (await transaction.objectStore('facts').get('user_id')) === userId;
}

/** Leaves the failure of a request to the end of its transaction, which fails with it. */
function quietly(request: Promise<unknown>): void {
  request.catch(() => undefined);
}

function clear(transaction: Writing): void {
  for (const store of allStores) quietly(transaction.objectStore(store).clear());
}

function removeRoom(transaction: Writing, roomId: string): void {
  quietly(transaction.objectStore('rooms').delete(roomId));
  quietly(transaction.objectStore('messages').delete(messagesOf(roomId)));
}

async function removeOldest(transaction: Writing): Promise<void> {
  const rooms = transaction.objectStore('rooms');
  const surplus = (await rooms.count()) - maxRooms;
  if (surplus <= 0) return;
  for (const roomId of await rooms.index('used_at').getAllKeys(undefined, surplus))
    removeRoom(transaction, roomId);
}

/** All seqs of the room. */
const messagesOf = (roomId: string): never => IDBKeyRange.bound([roomId], [roomId, []]);
