/**
 * Loads the list of the user's rooms, and keeps it up to date by the events of the connection. It is loaded apart from the
 * core, of which it uses types alone.
 */
import type { RoomDetails } from '../contract/entities.ts';
import type { ServerEvent } from '../contract/events.ts';
import type { HttpOperations } from '../contract/http-operations.ts';
import type { isPageHidden } from '../network.ts';
import type { Connection } from '../socket/connection.ts';
import type { StoredRooms } from '../offline/stored-rooms.ts';
import type { asProblem } from '../problem.ts';
import type { backOff, Clock, Random } from '../system.ts';
import { ActivityRequest } from './activity-request.ts';
import type { OpenRoom } from './listed-room.ts';
import { ListLoads } from './list-loads.ts';
import { readMyRooms } from './read-my-rooms.ts';
import { RefreshSchedule } from './refresh-schedule.ts';
import { notLoaded, roomListSnapshot, type RoomListSnapshot } from './room-list-snapshot.ts';
import { RoomRows, type Effect } from './room-rows.ts';

export interface LiveRoomListPorts {
  clock: Clock;
  random: Random;
  http: Pick<HttpOperations, 'listMyRooms'>;
  connection: Pick<Connection, 'phase' | 'send'>;
  userId: () => string | undefined;
  openRooms: () => readonly OpenRoom[];
  /** Undefined if nothing is kept on the device. */
  stored: Pick<StoredRooms, 'readList' | 'writeList'> | undefined;
  asProblem: typeof asProblem;
  backOff: typeof backOff;
  isPageHidden: typeof isPageHidden;
  /** Receives the list after each change. */
  show: (snapshot: RoomListSnapshot) => void;
}

/** A page that becomes visible more often than this does not load the list again. */
const freshMs = 30_000;

export class LiveRoomList {
  readonly #ports: LiveRoomListPorts;
  readonly #rows = new RoomRows();
  readonly #activity: ActivityRequest;
  readonly #schedule: RefreshSchedule;
  readonly #loads: ListLoads;
  #isActive = false;
  #userId: string | undefined;

  constructor(ports: LiveRoomListPorts) {
    this.#ports = ports;
    this.#userId = ports.userId();
    this.#loads = new ListLoads({
      ...ports,
      read: () => readMyRooms(ports.http),
      started: () => {
        this.#schedule.cancel();
        this.#rows.loading();
      },
      apply: (rooms) => this.#rows.loaded(rooms, ports.openRooms()),
      ended: (effect) => this.#loaded(effect),
    });
    this.#activity = new ActivityRequest({
      ...ports,
      isActive: () => this.#isActive,
      refresh: () => this.#loads.begin(),
    });
    this.#schedule = new RefreshSchedule({
      ...ports,
      activity: this.#activity,
      refresh: this.refresh,
      isNeeded: () => this.#needsRefreshes && !ports.isPageHidden(),
    });
  }

  /** Loads the list and follows it, until `stop`. */
  start(): void {
    this.#isActive = true;
    this.#userId = this.#ports.userId();
    void this.#showStored();
    if (this.#ports.connection.phase === 'open' && this.#activity.isGranted === undefined)
      this.#activity.send();
    else this.#loadWithSocket();
  }

  stop(): void {
    this.#isActive = false;
    // The socket goes on sending activity, which is ignored: there is no command that ends it.
    this.#abandonLoads();
    this.#show();
  }

  /** Loads the list, or waits for the load that runs. Never rejects. */
  refresh = async (): Promise<void> => {
    if (this.#ports.userId() !== undefined) await this.#loads.join();
  };

  /** A user has signed in or out. */
  userChanged(): void {
    const userId = this.#ports.userId();
    if (userId === this.#userId) return;
    this.#reset();
    this.#userId = userId;
    if (!this.#isActive) return;
    void this.#showStored();
    this.#loadWithSocket();
  }

  socketOpened(): void {
    if (!this.#isActive) return;
    this.#schedule.cancel();
    this.#activity.send();
  }

  socketLost(): void {
    this.#activity.socketLost();
    if (this.#isActive) this.#show();
  }

  receive(event: ServerEvent): void {
    if (this.#isActive) this.#apply(this.#rows.receive(event, this.#userId));
  }

  /** An open room has changed. */
  roomChanged(room: OpenRoom): void {
    if (this.#isActive && this.#loads.outcome.isLoaded) this.#apply(this.#rows.show(room));
  }

  /** The user has created a room or opened a direct one. */
  added(room: RoomDetails): void {
    if (this.#isActive) this.#apply(this.#rows.add(room));
  }

  /** The user has left or deleted a room. */
  removed(roomId: string): void {
    if (this.#isActive) this.#apply(this.#rows.remove(roomId));
  }

  /** The page has become visible, or the network is back. */
  hint(): void {
    const isOld = this.#ports.clock.now() - this.#loads.loadedAtMs > freshMs;
    if (this.#isActive && isOld && this.#needsRefreshes) this.#loadWithSocket();
  }

  /** Loads the list once: with the answer of the socket if there is going to be one, otherwise now. */
  #loadWithSocket = (isStarting = true): void => {
    const { phase } = this.#ports.connection;
    const awaitsAnswer = phase === 'open' && this.#activity.isGranted === undefined;
    if (phase === 'opening') this.#schedule.withoutSocket();
    // A page may follow the list a moment before it connects.
    else if (phase === 'stopped' && isStarting) this.#schedule.soon(() => this.#loadWithSocket(false));
    else if (!awaitsAnswer) void this.refresh();
  };

  /** Shows the list as it is stored, unless more is known by now. */
  async #showStored(): Promise<void> {
    const userId = this.#userId;
    if (userId === undefined || this.#loads.outcome.isLoaded) return;
    const rooms = await this.#ports.stored?.readList();
    const isLoaded = this.#loads.outcome.isLoaded || this.#activity.isGranted !== undefined;
    const isFresh = !isLoaded && userId === this.#userId;
    if (rooms === undefined || !isFresh || !this.#isActive) return;
    this.#rows.loaded(rooms, this.#ports.openRooms());
    this.#rows.loading();
    this.#loads.outcome = { ...this.#loads.outcome, isLoaded: true };
    this.#show();
  }

  #reset(): void {
    this.#abandonLoads();
    this.#schedule.forgetFailures();
    this.#rows.clear();
    this.#loads.outcome = notLoaded;
    this.#show();
  }

  /** Ignores the answers that are awaited, and plans no further load. */
  #abandonLoads(): void {
    this.#loads.abandon();
    this.#schedule.cancel();
    this.#activity.stopWaiting();
  }

  #apply(effect: Effect): void {
    if (effect === 'changed') this.#show();
    // While the list is being loaded, its answer shows whether the room is missing.
    if (effect === 'unknown' && this.#loads.outcome.isLoaded && !this.#loads.isRunning) this.#schedule.soon();
  }

  #loaded(effect: Effect): void {
    const { problem } = this.#loads.outcome;
    this.#show();
    this.#schedule.loaded(problem);
    if (effect === 'unknown') this.#schedule.soon();
  }

  /** Whether some rooms cause no events. */
  get #needsRefreshes(): boolean {
    return (
      this.#activity.isGranted !== true ||
      this.#loads.outcome.hasMore ||
      this.#rows.haveSilent(this.#ports.openRooms())
    );
  }

  #show(): void {
    const rooms = this.#rows.all.map(({ room }) => room);
    if (this.#isActive && this.#loads.outcome.isLoaded) this.#ports.stored?.writeList(rooms);
    const isFollowed =
      this.#isActive && this.#ports.connection.phase === 'open' && this.#activity.isGranted !== undefined;
    this.#ports.show(roomListSnapshot(rooms, this.#loads.outcome, isFollowed));
  }
}
