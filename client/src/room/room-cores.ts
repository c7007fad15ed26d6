/** Finds the core of a room by its id or by a name it was opened with, and creates it when there is none. */
import type { RoomCore } from './room-core.ts';
import { normalizeRoomKey, parseRoomId, type RoomTarget } from './room-key.ts';

export interface RoomCoresPorts {
  createCore(target: RoomTarget): RoomCore;
  hasOpenView(core: RoomCore): boolean;
}

export class RoomCores {
  /** A new array with each change. */
  all: readonly RoomCore[] = [];
  readonly #ports: RoomCoresPorts;
  /**
   * Ids of rooms by the names under which they were opened. A name that is opened again means the same room, although
   * the room may have been renamed since: otherwise the server would create a new room of that name.
   */
  readonly #idsByName = new Map<string, string>();

  constructor(ports: RoomCoresPorts) {
    this.#ports = ports;
  }

  /**
   * Returns a core that is not closed. A known id decides which one; otherwise the name does. A core whose room must not
   * be created serves no caller who may create it: its name may be refused.
   */
  findOrCreate({ key, roomId: knownId = parseRoomId(key), mayCreate }: RoomTarget): RoomCore {
    const name = normalizeRoomKey(key);
    const open = this.all.filter(
      ({ state }) =>
        state.status !== 'closed' && (state.roomId !== undefined || state.mayCreate || !mayCreate),
    );
    if (knownId === undefined) {
      const named =
        open.find(({ state }) => normalizeRoomKey(state.name) === name) ??
        open.find(({ keys }) => keys.has(name));
      if (named !== undefined) return named;
    }
    const roomId = knownId ?? this.#idsByName.get(name);
    const identified = open.find(({ state }) => roomId !== undefined && state.roomId === roomId);
    if (identified !== undefined) {
      identified.keys.add(name);
      return identified;
    }
    // A core that was opened by name while the outbox, which knows the id of its room, was still being read.
    const notJoined = open.find(
      ({ state, keys, parts }) => state.roomId === undefined && keys.has(name) && parts.link.isIdle,
    );
    if (notJoined !== undefined && roomId !== undefined) {
      notJoined.state.roomId = roomId;
      return notJoined;
    }
    return this.#create({ key, roomId, mayCreate });
  }

  /** Returns another core that has the room of that id open, if there is one. */
  otherCoreOf(roomId: string, core: RoomCore): RoomCore | undefined {
    return this.all.find(
      (other) => other !== core && other.state.roomId === roomId && other.state.status !== 'closed',
    );
  }

  /** The names under which the core was asked for lead to that id. */
  rememberNames(core: RoomCore, roomId: string): void {
    for (const key of core.keys) if (parseRoomId(key) === undefined) this.#idsByName.set(key, roomId);
  }

  /** Frees the names of a room that is gone, for other rooms that the user asks for from now on. */
  forgetNames(roomId: string | undefined): void {
    for (const [name, id] of this.#idsByName) if (id === roomId) this.#idsByName.delete(name);
  }

  remove(core: RoomCore): void {
    this.all = this.all.filter((other) => other !== core);
  }

  /** Removes all cores and names, and returns the cores. */
  clear(): readonly RoomCore[] {
    const { all } = this;
    this.all = [];
    this.#idsByName.clear();
    return all;
  }

  #create(target: RoomTarget): RoomCore {
    const { key, roomId } = target;
    // A closed core without a view has reported its problem; the new core also shows its unsent messages.
    for (const other of this.all) {
      const isSame =
        other.keys.has(normalizeRoomKey(key)) || (roomId !== undefined && other.state.roomId === roomId);
      if (isSame && other.state.status === 'closed' && !this.#ports.hasOpenView(other)) this.remove(other);
    }
    const core = this.#ports.createCore(target);
    this.all = [...this.all, core];
    return core;
  }
}
