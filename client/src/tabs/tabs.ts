/**
 * Opens the socket of this tab's client: as the leader of the user's tabs, which owns the real one, or as a follower. It is
 * loaded apart from the core, of which it uses types alone.
 */
import type { Log } from '../event-log.ts';
import type { OpenRoom } from '../rooms/listed-room.ts';
import type { Session } from '../session/session.ts';
import type { Clock, WebSocketLike } from '../system.ts';
import { ActivityOfOpenRooms } from './activity-of-open-rooms.ts';
import { Follower } from './follower.ts';
import { Leader } from './leader.ts';
import { type HeldLock, type LocksLike, stealLock, tryLock, waitForLock } from './locks.ts';
import { type ChannelConstructor, type ChannelLike, tabLockName } from './tab-messages.ts';

export interface TabsPorts {
  /** The address of sockets. The tabs of one user that use the same one share it. */
  url: string;
  locks: LocksLike;
  BroadcastChannel: ChannelConstructor;
  /** The number of rooms that a socket can have open. */
  roomsPerConnection: number;
  session: Pick<Session, 'access' | 'user'>;
  clock: Clock;
  log: Log;
  /** Opens a socket for this tab. */
  openOwn: OpenSocket;
}

/** Returns undefined when the socket is not wanted any more. Rejects with a `ChatProblem`. */
export type OpenSocket = (isWanted: () => boolean) => Promise<WebSocketLike | undefined>;

/** The version of what tabs tell each other: tabs with different versions do not share a socket. */
const version = 1;

/** A leader that does not answer in this time is paused or hangs: others answer at once, also before their socket opens. */
const patienceMs = 5_000;

export class Tabs {
  readonly #ports: TabsPorts;
  readonly #activity: ActivityOfOpenRooms;
  #role: Leader | Follower | undefined;
  /** This tab does not share: the browser denies it, or the shared socket has no place for its rooms. */
  #isAlone = false;

  constructor(ports: TabsPorts) {
    this.#ports = ports;
    this.#activity = new ActivityOfOpenRooms(ports.clock, (event) => this.#role?.tellActivity(event));
  }

  /** A room that is open in this tab has changed. */
  roomChanged(room: OpenRoom): void {
    this.#activity.roomChanged(room);
  }

  readonly open: OpenSocket = async (isWanted) => {
    const { session, openOwn, url } = this.#ports;
    // An earlier attempt may still hang.
    this.#role?.end();
    this.#role = undefined;
    this.#activity.reset();
    if (this.#isAlone) return openOwn(isWanted);
    await session.access();
    const userId = session.user?.id;
    if (userId === undefined || !isWanted()) return undefined;
    return this.#openAs({ userId, name: `chat:tabs${version}:${url}:${userId}`, isWanted });
  };

  async #openAs(attempt: Attempt): Promise<WebSocketLike | undefined> {
    const { name, isWanted } = attempt;
    let lock: HeldLock | undefined;
    try {
      lock = await tryLock(this.#ports.locks, name);
    } catch {
      // The browser denies locks to this page, for example in a frame with an origin of its own.
      this.#isAlone = true;
      return this.#ports.openOwn(isWanted);
    }
    return lock === undefined ? this.#follow(attempt) : this.#lead(attempt, lock);
  }

  async #lead(attempt: Attempt, lock: HeldLock | undefined): Promise<WebSocketLike | undefined> {
    const { log, openOwn } = this.#ports;
    const { isWanted } = attempt;
    if (lock === undefined || !isWanted()) {
      lock?.release();
      return undefined;
    }
    const channel = this.#openChannel(attempt);
    const leader = new Leader({ ...this.#ports, ...attempt, id: crypto.randomUUID(), lock, channel });
    this.#role = leader;
    log('info', 'connection.shared', { role: 'leader' });
    try {
      const real = await openOwn(() => isWanted() && !leader.hasEnded);
      if (real !== undefined) {
        leader.start(real);
        return leader.socket;
      }
      leader.end();
      return undefined;
    } catch (error) {
      leader.end();
      throw error;
    }
  }

  /** Follows the leader, or takes its place if there is none any more or it does not answer. */
  async #follow(attempt: Attempt): Promise<WebSocketLike | undefined> {
    const { locks, log } = this.#ports;
    const { name, isWanted } = attempt;
    const id = crypto.randomUUID();
    const life = await tryLock(locks, tabLockName(name, id));
    if (life === undefined || !isWanted()) {
      life?.release();
      return undefined;
    }
    const wait = new AbortController();
    const follower = new Follower({
      id,
      life,
      channel: this.#openChannel(attempt),
      full: () => {
        this.#isAlone = true;
        follower.end();
      },
      ended: () => wait.abort(),
    });
    this.#role = follower;
    const freed = waitForLock(locks, name, wait.signal);
    const decided = new AbortController();
    const first = await Promise.race([
      follower.welcomed.then(() => 'welcomed' as const),
      freed.then(() => 'freed' as const),
      this.#losePatience(decided.signal).then(() => 'silent' as const),
    ]);
    decided.abort();
    if (first === 'welcomed') {
      log('info', 'connection.shared', { role: 'follower' });
      void this.#watch(follower, freed);
      return follower.socket;
    }
    follower.end();
    if (first === 'freed') return this.#lead(attempt, await freed);
    void freed.then((lock) => lock?.release());
    return isWanted() ? this.#lead(attempt, await stealLock(locks, name)) : undefined;
  }

  /** Ends a follower when the leader is gone. Which tab leads next shows when their clients connect again. */
  async #watch(follower: Follower, freed: Promise<HeldLock | undefined>): Promise<void> {
    const lock = await freed;
    lock?.release();
    follower.end();
  }

  /** Resolves when the leader should have answered. Of several followers, one is the first to take the lock. */
  #losePatience(decided: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#ports.clock.after(patienceMs * (1 + Math.random()), resolve);
      decided.addEventListener('abort', cancel);
    });
  }

  #openChannel({ name }: Attempt): ChannelLike {
    return new this.#ports.BroadcastChannel(name);
  }
}

interface Attempt {
  userId: string;
  /** The name of the lock and of the channel. */
  name: string;
  isWanted: () => boolean;
}
