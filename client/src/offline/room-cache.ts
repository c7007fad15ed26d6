/**
 * Shows rooms as they were stored on the device, and stores their changes in batches. It is loaded apart from the core,
 * of which it uses types alone. After the first failure nothing more is read or written.
 */
import type { MyRoom } from '../contract/entities.ts';
import type { RoomCore } from '../room/room-core.ts';
import type { RoomLog } from '../room-log.ts';
import type { Clock } from '../system.ts';
import { RoomDatabase } from './room-database.ts';
import type { KnownRows, StoredRoom } from './stored-room.ts';

export interface RoomCachePorts {
  clock: Clock;
  /** The name of the database. */
  name: string;
  /** Returns whether that user is signed in, after a look into the token store. */
  isSignedIn(userId: string): boolean;
  /** Receives the failure after which nothing is stored. */
  failed(error: unknown): void;
}

/** Changes within this time are written together. */
const batchMs = 500;

/** A room whose changes are stored. */
interface Followed {
  core: RoomCore;
  userId: string;
  /** What the database holds of the room of that id, as far as this client knows. */
  known: { roomId: string; rows: KnownRows } | undefined;
  /** The log has been emptied since the last write. */
  isReset: boolean;
  /** The user has no access to the room any more. */
  isDropped: boolean;
  /** What was seen of the room last. */
  seen: ReturnType<typeof partsOf> | undefined;
}

export class RoomCache {
  readonly #ports: RoomCachePorts;
  readonly #database: Promise<RoomDatabase>;
  readonly #followed = new WeakMap<RoomCore, Followed>();
  readonly #changed = new Set<Followed>();
  /** The list of the user's rooms that is to be written. */
  #list: readonly MyRoom[] | undefined;
  #userId: string | undefined;
  #hasFailed = false;
  /** Ends with the last read or write that was started. */
  #queue: Promise<unknown> = Promise.resolve();
  #cancelBatch: (() => void) | undefined;

  constructor(ports: RoomCachePorts) {
    this.#ports = ports;
    this.#database = RoomDatabase.open({ name: ports.name, closed: () => (this.#hasFailed = true) });
    // Reported by the first read or write.
    this.#database.catch(() => undefined);
  }

  /** A user has signed in: the data of any other user is removed. */
  begin(userId: string): Promise<void> {
    this.#userId = userId;
    return this.#run((database) => database.begin(userId));
  }

  /** The user has signed out: their data is removed. */
  end(userId: string): Promise<void> {
    this.#userId = undefined;
    this.#changed.clear();
    this.#list = undefined;
    return this.#run((database) => database.end(userId), { isForced: true });
  }

  /** Shows the room as it is stored, and stores its changes from now on. */
  async open(core: RoomCore): Promise<void> {
    const userId = this.#userId;
    if (userId === undefined) return;
    // The room may have been closed a moment ago.
    void this.flush();
    const lookup = { roomId: core.state.roomId, names: Array.from(core.keys) };
    const stored = await this.#run((database) => database.read(userId, lookup));
    if (userId !== this.#userId || core.state.isSignedOut) return;
    const isShown = stored !== undefined && core.showStored(stored.room);
    const known = isShown ? { roomId: stored.room.room_id, rows: stored.known } : undefined;
    const followed = { core, userId, known, isReset: false, isDropped: false, seen: undefined };
    this.#followed.set(core, followed);
    core.state.listeners.add(() => this.#look(followed));
    this.#look(followed);
  }

  /** Removes a room that is gone, or that the user has no access to. */
  drop(core: RoomCore): void {
    const userId = this.#userId;
    const { roomId = core.state.shownId } = core.state;
    const followed = this.#followed.get(core);
    if (followed !== undefined) followed.isDropped = true;
    if (userId === undefined || roomId === undefined) return;
    void this.#run((database) => database.remove(userId, roomId));
  }

  /** Returns the list of the user's rooms. */
  async readList(): Promise<readonly MyRoom[] | undefined> {
    const userId = this.#userId;
    return userId === undefined ? undefined : this.#run((database) => database.readList(userId));
  }

  /** Stores the list of the user's rooms. */
  writeList(rooms: readonly MyRoom[]): void {
    if (this.#userId === undefined) return;
    this.#list = rooms;
    this.#cancelBatch ??= this.#scheduleBatch();
  }

  /** Writes all changes so far. Resolves when they are written. */
  async flush(): Promise<void> {
    this.#cancelBatch?.();
    this.#cancelBatch = undefined;
    for (const followed of Array.from(this.#changed))
      void this.#run((database) => this.#write(database, followed));
    this.#changed.clear();
    const list = this.#list;
    const userId = this.#userId;
    this.#list = undefined;
    if (list !== undefined && userId !== undefined)
      void this.#run((database) => database.writeList(userId, list));
    await this.#queue;
  }

  /** Compares what the room shows with what was seen last. It is called with each change of the room. */
  #look(followed: Followed): void {
    const { core, seen } = followed;
    const { roomId, shownId, isSignedOut, log } = core.state;
    // Until the server has named the room, it shows what is stored.
    if (roomId === undefined || shownId !== undefined || isSignedOut || followed.isDropped) return;
    if (followed.known !== undefined && followed.known.roomId !== roomId) followed.known = undefined;
    if (log.frontier === undefined) {
      if (followed.known === undefined) return;
      followed.isReset = true;
    }
    const parts = partsOf(core);
    if (seen !== undefined && parts.every((part, index) => part === seen[index])) return;
    followed.seen = parts;
    this.#changed.add(followed);
    this.#cancelBatch ??= this.#scheduleBatch();
  }

  /** Writes after a pause, or when the page is hidden, after which it may be ended without notice. */
  #scheduleBatch(): () => void {
    const page = (globalThis as { document?: EventTargetLike }).document;
    const write = (): void => void this.flush();
    const cancelTimer = this.#ports.clock.after(batchMs, write);
    page?.addEventListener('visibilitychange', write);
    return () => {
      cancelTimer();
      page?.removeEventListener('visibilitychange', write);
    };
  }

  async #write(database: RoomDatabase, followed: Followed): Promise<void> {
    const { core, userId, known, isReset } = followed;
    const { roomId, isSignedOut } = core.state;
    if (roomId === undefined || isSignedOut || userId !== this.#userId || followed.isDropped) return;
    const room = storedRoomOf(core, roomId);
    if (room === undefined) {
      followed.known = undefined;
      return database.remove(userId, roomId);
    }
    const change = {
      room,
      names: Array.from(core.keys).filter((key) => key !== roomId),
      known: known?.rows,
      isReset,
      usedAtMs: this.#ports.clock.now(),
    };
    let rows = await database.write(userId, change);
    // Another tab has signed out, or another user has signed in there.
    if (rows === 'foreign' && this.#ports.isSignedIn(userId)) {
      await database.begin(userId);
      rows = await database.write(userId, change);
    }
    if (rows === 'foreign') return;
    followed.known = rows && { roomId, rows };
    followed.isReset = false;
  }

  /** Runs one piece of work after the others. Never rejects: resolves with undefined when the database has failed. */
  #run<T>(work: (database: RoomDatabase) => Promise<T>, { isForced = false } = {}): Promise<T | undefined> {
    const result = this.#queue.then(async () => {
      if (this.#hasFailed && !isForced) return undefined;
      try {
        return await work(await this.#database);
      } catch (error) {
        if (!this.#hasFailed) this.#ports.failed(error);
        this.#hasFailed = true;
        return undefined;
      }
    });
    this.#queue = result;
    return result;
  }
}

interface EventTargetLike {
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

/** What is stored of a room, as values that are replaced when they change. */
function partsOf({ state, parts }: RoomCore) {
  const { marker, readers } = parts.readMarkers.stored;
  return [state.log, state.name, marker, readers] as const;
}

function storedRoomOf(core: RoomCore, roomId: string): StoredRoom | undefined {
  const [log, name, marker, readers] = partsOf(core);
  const { frontier, floor, hasOlder } = log;
  if (frontier === undefined) return undefined;
  return { room_id: roomId, name, frontier, floor, hasOlder, marker, readers, messages: completeOf(log) };
}

/** The messages without a gap between them, up to the frontier. */
export function completeOf({ messages, floor, frontier = 0 }: RoomLog): RoomLog['messages'] {
  return messages.filter(({ seq }) => seq >= floor && seq <= frontier);
}
