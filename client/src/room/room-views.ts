/** The views of rooms: which of them keep each room open. */
import type { HttpOperations } from '../contract/http-operations.ts';
import type { SessionUser } from '../session/claims.ts';
import type { RoomCore } from './room-core.ts';
import type { RoomTarget } from './room-key.ts';
import { Room, type RoomPorts } from './room.ts';
import type { Uploads } from '../uploads/uploads.ts';

export interface RoomViewsPorts {
  http: HttpOperations;
  uploads: Uploads;
  checkUser: () => SessionUser | undefined;
  /** Returns the core of a room, by its id if that is known, or by the name or id that the view was opened with. */
  findOrCreateCore(target: RoomTarget): RoomCore;
  changed(): void;
}

export class RoomViews {
  readonly #ports: RoomViewsPorts;
  /** The open views of each room, oldest first. */
  readonly #openViews = new Map<RoomCore, Set<Room>>();
  /** A view of each room that shows it without keeping it open. */
  readonly #listedViews = new WeakMap<RoomCore, Room>();

  constructor(ports: RoomViewsPorts) {
    this.#ports = ports;
  }

  /** Creates an open view of a room. */
  open(target: RoomTarget): Room {
    const core = this.#ports.findOrCreateCore(target);
    const view = new Room(target.key, core, this.#viewPorts(target.mayCreate)).hold();
    this.#viewOpened(view, core);
    return view;
  }

  hasOpenView(core: RoomCore): boolean {
    return this.#openViewsOf(core).size > 0;
  }

  /** Returns the view that lists of rooms show: closing it has no effect on other views. */
  viewOf(core: RoomCore): Room {
    const view = this.#listedViews.get(core) ?? new Room(core.state.name, core, this.#viewPorts(true));
    this.#listedViews.set(core, view);
    return view;
  }

  /** Makes the views of one core show another one, which turned out to be of the same room. */
  move(from: RoomCore, to: RoomCore): void {
    for (const view of this.#openViewsOf(from)) {
      this.#openViewsOf(to).add(view);
      view.move(to);
    }
    this.#openViews.delete(from);
    this.#listedViews.get(from)?.move(to);
  }

  /** Forgets all open views: the user has signed out. */
  clear(): void {
    this.#openViews.clear();
  }

  #viewPorts(mayCreate: boolean): RoomPorts {
    const { http, uploads, checkUser } = this.#ports;
    return {
      http,
      uploads,
      user: checkUser,
      open: (view, roomId) => {
        const core = this.#ports.findOrCreateCore({ key: view.key, roomId, mayCreate });
        this.#viewOpened(view, core);
        return core;
      },
      close: (view, core) => this.#viewClosed(view, core),
    };
  }

  #viewOpened(view: Room, core: RoomCore): void {
    this.#openViewsOf(core).add(view);
    core.viewOpened();
    this.#ports.changed();
  }

  #viewClosed(view: Room, core: RoomCore): void {
    this.#openViewsOf(core).delete(view);
    core.viewClosed();
    this.#ports.changed();
  }

  #openViewsOf(core: RoomCore): Set<Room> {
    const openViews = this.#openViews.get(core) ?? new Set();
    this.#openViews.set(core, openViews);
    return openViews;
  }
}
