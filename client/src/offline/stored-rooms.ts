/** Loads the part of the client that keeps rooms on the device, once a user is signed in. */
import type { MyRoom } from '../contract/entities.ts';
import type { RoomCore } from '../room/room-core.ts';
import type { Session } from '../session/session.ts';
import type { Clock } from '../system.ts';
import type { RoomCache } from './room-cache.ts';

export interface StoredRoomsPorts {
  session: Session;
  clock: Clock;
  /** The name of the database. */
  name: string;
  /** Receives each failure. */
  failed: (error: unknown) => void;
}

/** Nothing waits longer for a database that does not answer. */
const maxWaitMs = 1_000;

export class StoredRooms {
  /** Resolves when the data of the last user who signed out is removed, or the database does not answer. */
  removed: Promise<unknown> = Promise.resolve();
  readonly #ports: StoredRoomsPorts;
  #cache: Promise<RoomCache> | undefined;
  readonly #opened = new WeakMap<RoomCore, Promise<unknown>>();

  constructor(ports: StoredRoomsPorts) {
    this.#ports = ports;
    let userId = '';
    ports.session.started.add(({ id }) => {
      userId = id;
      void this.#use((cache) => cache.begin(id));
    });
    ports.session.ended.add(() => {
      this.removed = this.#use((cache) => cache.end(userId));
    });
  }

  /** Shows a room as it is stored. Resolves when that was tried, and the room may be joined. */
  open(core: RoomCore): Promise<unknown> {
    const opened = this.#opened.get(core) ?? this.#use((cache) => cache.open(core));
    this.#opened.set(core, opened);
    return opened;
  }

  /** Removes a room that is gone, or that the user has no access to. */
  drop(core: RoomCore): void {
    void this.#use(async (cache) => cache.drop(core));
  }

  /** Returns the list of the user's rooms as it is stored; undefined when none is. */
  async readList(): Promise<readonly MyRoom[] | undefined> {
    let list: readonly MyRoom[] | undefined;
    await this.#use(async (cache) => (list = await cache.readList()));
    return list;
  }

  writeList(rooms: readonly MyRoom[]): void {
    void this.#use(async (cache) => cache.writeList(rooms));
  }

  #use(work: (cache: RoomCache) => Promise<unknown>): Promise<unknown> {
    const { clock, name, session, failed } = this.#ports;
    this.#cache ??= import('./room-cache.ts').then(
      (part) =>
        new part.RoomCache({
          clock,
          name,
          failed,
          isSignedIn: (userId) => session.checkUser()?.id === userId,
        }),
    );
    return new Promise((resolve) => {
      const cancel = clock.after(maxWaitMs, () => resolve(undefined));
      void this.#cache?.then(work).catch(failed).then(resolve).then(cancel);
    });
  }
}
