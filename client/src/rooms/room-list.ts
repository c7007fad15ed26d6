/**
 * The live list of the user's rooms: loaded when something subscribes to it, and kept up to date by the events of the
 * connection. Servers that do not send `room_activity`, and large rooms, are asked again from time to time.
 */
import type { RoomDetails } from '../contract/entities.ts';
import type { ServerEvent } from '../contract/events.ts';
import type { HttpOperations } from '../contract/http-operations.ts';
import { Listeners } from '../listeners.ts';
import { asProblem } from '../problem.ts';
import { isPageHidden } from '../network.ts';
import { Linger } from '../linger.ts';
import type { Connection } from '../socket/connection.ts';
import type { StoredRooms } from '../offline/stored-rooms.ts';
import type { Clock, Random } from '../system.ts';
import { ActivityRequest } from './activity-request.ts';
import type { OpenRoom } from './listed-room.ts';
import { readMyRooms } from './read-my-rooms.ts';
import { RefreshSchedule } from './refresh-schedule.ts';
import { emptyRoomList, notLoaded, roomListSnapshot, type RoomListSnapshot } from './room-list-snapshot.ts';
import { RoomRows } from './room-rows.ts';

export interface RoomListPorts {
  clock: Clock;
  random: Random;
  http: Pick<HttpOperations, 'listMyRooms'>;
  connection: Pick<Connection, 'phase' | 'send'>;
  userId: () => string | undefined;
  openRooms: () => readonly OpenRoom[];
  /** Undefined if nothing is kept on the device. */
  stored: Pick<StoredRooms, 'readList' | 'writeList'> | undefined;
}

/** A page that becomes visible more often than this does not load the list again. */
const freshMs = 30_000;

/**
 * The live list of the user's rooms, newest activity first. It is kept up to date while it has a subscriber.
 *
 * @example
 * client.rooms.subscribe(() => render(client.rooms.getSnapshot().rooms));
 */
export class RoomList {
  readonly #ports: RoomListPorts;
  readonly #listeners = new Listeners();
  readonly #rows = new RoomRows();
  readonly #activity: ActivityRequest;
  readonly #schedule: RefreshSchedule;
  #snapshot = emptyRoomList;
  #isActive = false;
  #userId: string | undefined;
  #outcome = notLoaded;
  #loadedAtMs = 0;
  /** Identifies the newest load, so that an earlier answer does not replace a later one. */
  #load = 0;
  readonly #linger: Linger;

  /** @internal */
  constructor(ports: RoomListPorts) {
    this.#ports = ports;
    this.#linger = new Linger(ports.clock, () => this.#stop());
    const { refresh } = this;
    this.#activity = new ActivityRequest({ ...ports, isActive: () => this.#isActive, refresh });
    this.#schedule = new RefreshSchedule({
      ...ports,
      activity: this.#activity,
      refresh,
      isNeeded: () => this.#needsRefreshes && !isPageHidden(),
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
    if (!this.#isActive) this.#start();
    return () => {
      remove();
      if (this.#listeners.size === 0 && !this.#linger.isActive) this.#linger.start();
    };
  };

  /** Returns the list: the same object until something changes. */
  getSnapshot = (): RoomListSnapshot => this.#snapshot;

  /** Loads the list again. Never rejects: a failure is the `problem` of the snapshot. */
  refresh = async (): Promise<void> => {
    const userId = this.#ports.userId();
    if (userId === undefined) return;
    this.#schedule.cancel();
    this.#load += 1;
    const load = this.#load;
    this.#rows.loading();
    try {
      const { rooms, hasMore } = await readMyRooms(this.#ports.http);
      if (load !== this.#load) return;
      this.#rows.loaded(rooms, this.#ports.openRooms());
      this.#outcome = { isLoaded: true, hasMore, problem: undefined };
      this.#loadedAtMs = this.#ports.clock.now();
    } catch (error) {
      if (load !== this.#load) return;
      this.#outcome = { ...this.#outcome, problem: asProblem(error) };
    }
    this.#show();
    this.#schedule.loaded(this.#outcome.problem);
  };

  /**
   * A user has signed in or out. For the client only, like the methods below.
   *
   * @internal
   */
  userChanged(): void {
    const userId = this.#ports.userId();
    if (userId === this.#userId) return;
    this.#reset();
    this.#userId = userId;
    if (!this.#isActive) return;
    void this.#showStored();
    void this.refresh();
  }

  /** @internal */
  socketOpened(): void {
    if (this.#isActive) this.#activity.send();
  }

  /** @internal */
  socketLost(): void {
    this.#activity.socketLost();
    if (this.#isActive) this.#show();
  }

  /** @internal */
  receive(event: ServerEvent): void {
    if (this.#isActive) this.#apply(this.#rows.receive(event, this.#userId));
  }

  /**
   * An open room has changed.
   *
   * @internal
   */
  roomChanged(room: OpenRoom): void {
    if (this.#isActive && this.#outcome.isLoaded) this.#apply(this.#rows.show(room));
  }

  /**
   * The user has created a room or opened a direct one.
   *
   * @internal
   */
  added(room: RoomDetails): void {
    if (this.#isActive) this.#apply(this.#rows.add(room));
  }

  /**
   * The user has left or deleted a room.
   *
   * @internal
   */
  removed(roomId: string): void {
    if (this.#isActive) this.#apply(this.#rows.remove(roomId));
  }

  /**
   * The page has become visible, or the network is back.
   *
   * @internal
   */
  hint(): void {
    const isOld = this.#ports.clock.now() - this.#loadedAtMs > freshMs;
    if (this.#isActive && isOld && this.#needsRefreshes) void this.refresh();
  }

  #start(): void {
    this.#isActive = true;
    this.#userId = this.#ports.userId();
    void this.#showStored();
    if (this.#ports.connection.phase === 'open') this.#activity.send();
    else void this.refresh();
  }

  /** Shows the list as it is stored, unless more is known by now. */
  async #showStored(): Promise<void> {
    const userId = this.#userId;
    if (userId === undefined || this.#outcome.isLoaded) return;
    const rooms = await this.#ports.stored?.readList();
    const isFresh =
      !this.#outcome.isLoaded && this.#activity.isGranted === undefined && userId === this.#userId;
    if (rooms === undefined || !isFresh || !this.#isActive) return;
    this.#rows.loaded(rooms, this.#ports.openRooms());
    this.#rows.loading();
    this.#outcome = { ...this.#outcome, isLoaded: true };
    this.#show();
  }

  #stop(): void {
    this.#isActive = false;
    // The socket goes on sending activity, which is ignored: there is no command that ends it.
    this.#abandonLoads();
    this.#show();
  }

  #reset(): void {
    this.#abandonLoads();
    this.#schedule.forgetFailures();
    this.#rows.clear();
    this.#outcome = notLoaded;
    this.#show();
  }

  /** Ignores the answers that are awaited, and plans no further load. */
  #abandonLoads(): void {
    this.#load += 1;
    this.#schedule.cancel();
    this.#activity.stopWaiting();
  }

  #apply(effect: ReturnType<RoomRows['receive']>): void {
    if (effect === 'changed') this.#show();
    if (effect === 'unknown' && this.#outcome.isLoaded) this.#schedule.soon();
  }

  /** Whether some rooms cause no events. */
  get #needsRefreshes(): boolean {
    return (
      this.#activity.isGranted !== true ||
      this.#outcome.hasMore ||
      this.#rows.haveSilent(this.#ports.openRooms())
    );
  }

  #show(): void {
    const rooms = this.#rows.all.map(({ room }) => room);
    if (this.#isActive && this.#outcome.isLoaded) this.#ports.stored?.writeList(rooms);
    const isFollowed =
      this.#isActive && this.#ports.connection.phase === 'open' && this.#activity.isGranted !== undefined;
    this.#snapshot = roomListSnapshot(rooms, this.#outcome, isFollowed);
    this.#listeners.notify();
  }
}
