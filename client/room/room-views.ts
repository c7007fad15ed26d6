/** The views of rooms: which of them hold each room open. */
import type { HttpOperations } from '../http/operation-types.ts';
import type { SessionUser } from '../session/claims.ts';
import type { RoomCore } from './room-core.ts';
import { Room, type RoomPorts } from './room.ts';

export interface RoomViewsPorts {
  http: HttpOperations;
  checkUser: () => SessionUser | undefined;
  /** Returns the core of a room, by its id if that is known, or by the name or id that the view was opened with. */
  findOrCreateCore(key: string, roomId?: string): RoomCore;
  changed(): void;
}

export class RoomViews {
  private readonly ports: RoomViewsPorts;
  /** The views that hold each room, oldest first. */
  private readonly holders = new Map<RoomCore, Set<Room>>();
  /** A view of each room that is shown although no view holds it. */
  private readonly unheldViews = new WeakMap<RoomCore, Room>();

  constructor(ports: RoomViewsPorts) {
    this.ports = ports;
  }

  /** Creates a view that holds its room open. */
  open(key: string): Room {
    const core = this.ports.findOrCreateCore(key);
    const view = new Room(key, this.viewPorts(), { core, isHeld: true });
    this.hold(view, core);
    return view;
  }

  isHeld(core: RoomCore): boolean {
    return this.holdersOf(core).size > 0;
  }

  /** Returns the oldest view that holds the room, or a view that does not hold it. */
  viewOf(core: RoomCore): Room {
    const [holder] = this.holdersOf(core);
    if (holder !== undefined) return holder;
    const view =
      this.unheldViews.get(core) ?? new Room(core.state.name, this.viewPorts(), { core, isHeld: false });
    this.unheldViews.set(core, view);
    return view;
  }

  /** Makes the views of one core show another one, which turned out to be of the same room. */
  move(from: RoomCore, to: RoomCore): void {
    for (const view of this.holdersOf(from)) {
      this.holdersOf(to).add(view);
      view.move(to);
    }
    this.holders.delete(from);
  }

  /** Forgets which views hold rooms: the user has signed out. */
  clear(): void {
    this.holders.clear();
  }

  private viewPorts(): RoomPorts {
    const { http, checkUser } = this.ports;
    return {
      http,
      user: checkUser,
      hold: (view, roomId) => {
        const core = this.ports.findOrCreateCore(view.key, roomId);
        this.hold(view, core);
        return core;
      },
      release: (view, core) => this.release(view, core),
    };
  }

  private hold(view: Room, core: RoomCore): void {
    this.holdersOf(core).add(view);
    core.viewOpened();
    this.ports.changed();
  }

  private release(view: Room, core: RoomCore): void {
    this.holdersOf(core).delete(view);
    core.viewClosed();
    this.ports.changed();
  }

  private holdersOf(core: RoomCore): Set<Room> {
    const holders = this.holders.get(core) ?? new Set();
    this.holders.set(core, holders);
    return holders;
  }
}
