/**
 * The live list of the user's rooms: loaded when something subscribes to it, and kept up to date by the events of the
 * connection. Servers that do not send `room_activity`, and large rooms, are asked again from time to time.
 */
import type { MyRoom, RoomDetails } from '../contract/entities.ts';
import type { ServerEvent } from '../contract/events.ts';
import type { HttpOperations } from '../contract/http-operations.ts';
import { Listeners } from '../listeners.ts';
import { asProblem, type ChatProblem } from '../problem.ts';
import { isPageHidden } from '../network.ts';
import type { Connection } from '../socket/connection.ts';
import type { StoredRooms } from '../offline/stored-rooms.ts';
import { backOff, type Clock, type Random } from '../system.ts';
import type { OpenRoom } from './listed-room.ts';
import { emptyRoomList, type RoomListSnapshot } from './room-list-snapshot.ts';
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

/** Bounds the requests: five pages. The server sends activity for as many rooms. */
const maxRooms = 500;
const pageSize = 100;
/** Rooms with more members cause no `room_activity`. */
const maxLiveMembers = 100;
/** User interfaces that mount twice subscribe again at once. */
const lingerMs = 1_000;
/** Several events may ask for the list at the same time. */
const gatherMs = 250;
const answerTimeoutMs = 10_000;
const refreshMs = 5 * 60_000;
/** The same where the server sends no `room_activity`. */
const pollMs = 60_000;
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
  #snapshot = emptyRoomList;
  #isActive = false;
  #userId: string | undefined;
  /** Whether the current socket sends `room_activity`; undefined until the server has answered. */
  #isInbox: boolean | undefined;
  #isLoaded = false;
  #hasMore = false;
  #problem: ChatProblem | undefined;
  #loadedAtMs = 0;
  #failures = 0;
  /** Identifies the newest load, so that an earlier answer does not replace a later one. */
  #load = 0;
  #cancelLinger: (() => void) | undefined;
  #cancelNext = (): void => {};
  #cancelAnswer = (): void => {};

  /** @internal */
  constructor(ports: RoomListPorts) {
    this.#ports = ports;
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
    this.#cancelLinger?.();
    this.#cancelLinger = undefined;
    if (!this.#isActive) this.#start();
    return () => {
      remove();
      if (this.#listeners.size > 0 || this.#cancelLinger !== undefined) return;
      this.#cancelLinger = this.#ports.clock.after(lingerMs, () => this.#stop());
    };
  };

  /** Returns the list: the same object until something changes. */
  getSnapshot = (): RoomListSnapshot => this.#snapshot;

  /** Loads the list again. Never rejects: a failure is the `problem` of the snapshot. */
  refresh = async (): Promise<void> => {
    const userId = this.#ports.userId();
    if (userId === undefined) return;
    this.#cancelNext();
    this.#load += 1;
    const load = this.#load;
    this.#rows.loading();
    try {
      const { rooms, hasMore } = await this.#readRooms();
      if (load !== this.#load) return;
      this.#rows.loaded(rooms, this.#ports.openRooms());
      this.#isLoaded = true;
      this.#hasMore = hasMore;
      this.#problem = undefined;
      this.#failures = 0;
      this.#loadedAtMs = this.#ports.clock.now();
    } catch (error) {
      if (load !== this.#load) return;
      this.#problem = asProblem(error);
      this.#failures += 1;
    }
    this.#show();
    this.#scheduleNext();
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
    if (this.#isActive) this.#askForActivity();
  }

  /** @internal */
  socketLost(): void {
    this.#isInbox = undefined;
    this.#cancelAnswer();
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
    if (this.#isActive && this.#isLoaded) this.#apply(this.#rows.show(room));
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
    if (this.#ports.connection.phase === 'open') this.#askForActivity();
    else void this.refresh();
  }

  /** Shows the list as it is stored, unless more is known by now. */
  async #showStored(): Promise<void> {
    const userId = this.#userId;
    if (userId === undefined || this.#isLoaded) return;
    const rooms = await this.#ports.stored?.readList();
    const isFresh = !this.#isLoaded && this.#isInbox === undefined && userId === this.#userId;
    if (rooms === undefined || !isFresh || !this.#isActive) return;
    this.#rows.loaded(rooms, this.#ports.openRooms());
    this.#rows.loading();
    this.#isLoaded = true;
    this.#show();
  }

  #stop(): void {
    this.#cancelLinger = undefined;
    this.#isActive = false;
    // The socket goes on sending activity, which is ignored: there is no command that ends it.
    this.#load += 1;
    this.#cancelNext();
    this.#cancelAnswer();
    this.#show();
  }

  #reset(): void {
    this.#load += 1;
    this.#cancelNext();
    this.#cancelAnswer();
    this.#rows.clear();
    this.#isLoaded = false;
    this.#hasMore = false;
    this.#problem = undefined;
    this.#failures = 0;
    this.#show();
  }

  /** Loads the list after the server has answered: what happens from then on comes as an event. */
  #askForActivity(): void {
    this.#isInbox = undefined;
    let isAnswered = false;
    const answered = (isInbox: boolean): void => {
      this.#cancelAnswer();
      if (!this.#isActive) return;
      this.#isInbox = isInbox;
      if (!isAnswered || isInbox) void this.refresh();
      isAnswered = true;
    };
    this.#cancelAnswer();
    this.#cancelAnswer = this.#ports.clock.after(answerTimeoutMs, () => answered(false));
    this.#ports.connection.send({ type: 'inbox' }, (answer) => answered(answer.type === 'ready'));
  }

  async #readRooms(): Promise<{ rooms: MyRoom[]; hasMore: boolean }> {
    const rooms: MyRoom[] = [];
    for await (const page of this.#ports.http.listMyRooms({ limit: pageSize }).pages()) {
      rooms.push(...page);
      if (rooms.length >= maxRooms) return { rooms, hasMore: true };
    }
    return { rooms, hasMore: false };
  }

  #apply(effect: ReturnType<RoomRows['receive']>): void {
    if (effect === 'changed') this.#show();
    if (effect !== 'unknown' || !this.#isLoaded) return;
    this.#cancelNext();
    this.#cancelNext = this.#ports.clock.after(gatherMs, () => void this.refresh());
  }

  /** Whether some rooms cause no events. */
  get #needsRefreshes(): boolean {
    if (this.#isInbox !== true || this.#hasMore) return true;
    const open = new Set(this.#ports.openRooms().map(({ room_id }) => room_id));
    return this.#rows.all.some(({ room }) => room.member_count > maxLiveMembers && !open.has(room.room_id));
  }

  #scheduleNext(): void {
    this.#cancelNext();
    const { clock, random } = this.#ports;
    if (this.#problem?.retryable === true) {
      const delayMs = backOff(this.#failures, { firstMs: 1_000, maxMs: 60_000, random });
      this.#cancelNext = clock.after(
        Math.max(delayMs, this.#problem.retryAfterMs ?? 0),
        () => void this.refresh(),
      );
    } else if (this.#problem === undefined) {
      this.#cancelNext = clock.after(this.#isInbox === true ? refreshMs : pollMs, () => {
        if (this.#needsRefreshes && !isPageHidden()) void this.refresh();
        else this.#scheduleNext();
      });
    }
  }

  #show(): void {
    const rooms = this.#rows.all.map(({ room }) => room);
    if (this.#isActive && this.#isLoaded) this.#ports.stored?.writeList(rooms);
    const isLive =
      this.#isActive &&
      this.#ports.connection.phase === 'open' &&
      this.#isInbox !== undefined &&
      this.#problem === undefined;
    this.#snapshot = {
      status: this.#isLoaded ? (isLive ? 'live' : 'stale') : 'loading',
      rooms,
      unread: rooms.reduce((sum, { unread_count }) => sum + unread_count, 0),
      hasMore: this.#hasMore,
      problem: this.#problem,
    };
    this.#listeners.notify();
  }
}
