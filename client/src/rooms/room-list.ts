/** What an application uses of the list of rooms: its listeners and its snapshot. The rest is loaded with the first use. */
import type { RoomDetails } from '../contract/entities.ts';
import type { ServerEvent } from '../contract/events.ts';
import { Linger } from '../linger.ts';
import { Listeners } from '../listeners.ts';
import { isPageHidden } from '../network.ts';
import { asProblem } from '../problem.ts';
import * as problems from '../problems.ts';
import { backOff } from '../system.ts';
import type { OpenRoom } from './listed-room.ts';
import type { LiveRoomList, LiveRoomListPorts } from './live-room-list.ts';
import type { RoomListSnapshot } from './room-list-snapshot.ts';

export type RoomListPorts = Omit<LiveRoomListPorts, 'asProblem' | 'backOff' | 'isPageHidden' | 'show'>;

/**
 * The live list of the user's rooms, newest activity first. It is kept up to date while it has a subscriber.
 *
 * @example
 * client.rooms.subscribe(() => render(client.rooms.getSnapshot().rooms));
 */
export class RoomList {
  readonly #ports: RoomListPorts;
  readonly #listeners = new Listeners();
  readonly #linger: Linger;
  /** What happens before it is there needs no place: the list is loaded after its code, and holds it then. */
  #live: LiveRoomList | undefined;
  #loading: Promise<void> | undefined;
  #failures = 0;
  #cancelRetry = (): void => {};
  #isActive = false;
  #snapshot: RoomListSnapshot = {
    status: 'loading',
    rooms: [],
    unread: 0,
    hasMore: false,
    problem: undefined,
  };

  /** @internal */
  constructor(ports: RoomListPorts) {
    this.#ports = ports;
    this.#linger = new Linger(ports.clock, () => {
      this.#isActive = false;
      this.#cancelRetry();
      this.#live?.stop();
    });
  }

  /**
   * Calls the listener after each change, until the returned function is called. The list is loaded and followed while
   * there is a listener.
   *
   * @example
   * const { rooms, unread } = useSyncExternalStore(client.rooms.subscribe, client.rooms.getSnapshot);
   */
  subscribe = (listener: () => void): (() => void) => {
    const remove = this.#listeners.add(listener);
    this.#linger.stop();
    if (!this.#isActive) {
      this.#isActive = true;
      if (this.#live) this.#live.start();
      else void this.load();
    }
    return () => {
      remove();
      if (this.#listeners.size === 0 && !this.#linger.isActive) this.#linger.start();
    };
  };

  /** Returns the list: the same object until something changes. */
  getSnapshot = (): RoomListSnapshot => this.#snapshot;

  /** Loads the list again, or waits for the load that runs. Never rejects: a failure is the `problem` of the snapshot. */
  refresh = async (): Promise<void> => {
    if (!this.#live) await this.load();
    await this.#live?.refresh();
  };

  /**
   * Loads the code of the list, and starts the list if something still subscribes to it. Never rejects.
   *
   * @internal
   */
  load(): Promise<void> {
    this.#cancelRetry();
    this.#loading ??= import('./live-room-list.ts').then(
      (part) => this.#loaded(part),
      (error: unknown) => this.#failed(error),
    );
    return this.#loading;
  }

  /**
   * A user has signed in or out. For the client only, like the methods below.
   *
   * @internal
   */
  userChanged(): void {
    this.#live?.userChanged();
  }

  /** @internal */
  socketOpened(): void {
    this.#live?.socketOpened();
  }

  /** @internal */
  socketLost(): void {
    this.#live?.socketLost();
  }

  /** @internal */
  receive(event: ServerEvent): void {
    this.#live?.receive(event);
  }

  /**
   * An open room has changed.
   *
   * @internal
   */
  roomChanged(room: OpenRoom): void {
    this.#live?.roomChanged(room);
  }

  /** The user has created a room or opened a direct one. @internal */
  added(room: RoomDetails): void {
    this.#live?.added(room);
  }

  /** The user has left or deleted a room. @internal */
  removed(roomId: string): void {
    this.#live?.removed(roomId);
  }

  /**
   * The page has become visible, or the network is back.
   *
   * @internal
   */
  hint(): void {
    if (this.#live) this.#live.hint();
    else if (this.#isActive) void this.load();
  }

  #loaded(part: { LiveRoomList: typeof LiveRoomList }): void {
    const show = this.#show;
    this.#live = new part.LiveRoomList({ ...this.#ports, asProblem, backOff, isPageHidden, show });
    if (this.#snapshot.problem) this.#show({ ...this.#snapshot, problem: undefined });
    if (this.#isActive) this.#live.start();
  }

  #failed(error: unknown): void {
    const { clock, random } = this.#ports;
    this.#loading = undefined;
    this.#failures += 1;
    if (this.#isActive) {
      const delayMs = backOff(this.#failures, { firstMs: 1_000, maxMs: 60_000, random });
      this.#cancelRetry = clock.after(delayMs, () => void this.load());
    }
    this.#show({ ...this.#snapshot, problem: problems.noCode(error) });
  }

  #show = (snapshot: RoomListSnapshot): void => {
    this.#snapshot = snapshot;
    this.#listeners.notify();
  };
}
