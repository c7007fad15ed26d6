/** The tab that has the lock: it owns the socket of all tabs of the user, and passes their frames on. */
import type { Command } from '../contract/commands.ts';
import type { ServerEvent } from '../contract/events.ts';
import type { Clock, WebSocketLike } from '../system.ts';
import { type HeldLock, type LocksLike, waitForLock } from './locks.ts';
import { Multiplexer } from './multiplexer.ts';
import { leaderTab } from './refs.ts';
import type { TabCommand } from './shared-channel.ts';
import { SharedSocket } from './shared-socket.ts';
import {
  type ChannelLike,
  type LeaderMessage,
  post,
  readTabMessage,
  type RoomActivity,
  tabLockName,
} from './tab-messages.ts';

export interface LeaderPorts {
  id: string;
  userId: string;
  /** The name of the lock. */
  name: string;
  lock: HeldLock;
  locks: LocksLike;
  channel: ChannelLike;
  clock: Clock;
  roomsPerConnection: number;
}

export class Leader {
  hasEnded = false;
  /** The end of the socket that this tab's own client uses. */
  readonly socket: SharedSocket;
  readonly #ports: LeaderPorts;
  readonly #multiplexer: Multiplexer;
  /** The followers by their numbers. */
  readonly #followers = new Map<number, string>();
  readonly #watches = new AbortController();
  #lastNumber = leaderTab;
  #real: WebSocketLike | undefined;
  #isOpen = false;
  /** Events that are sent together. */
  #batches: { tabs: readonly number[]; events: ServerEvent[] }[] = [];

  constructor(ports: LeaderPorts) {
    this.#ports = ports;
    const { channel, lock } = ports;
    this.socket = new SharedSocket({
      send: (data) => this.#multiplexer.command(leaderTab, JSON.parse(data) as TabCommand),
      closed: () => this.end(),
    });
    this.#multiplexer = new Multiplexer({
      ...ports,
      toServer: (command) => this.#toServer(command),
      toTabs: (tabs, events) => this.#toTabs(Array.from(tabs), events),
      fail: () => this.end(),
      full: (tab) => this.#tell({ kind: 'full', to: this.#idsOf([tab]) }),
    });
    this.#multiplexer.tabOpened(leaderTab);
    channel.addEventListener('message', ({ data }) => this.#receiveFromTab(data));
    this.#tell({ kind: 'leading' });
    // Another tab has taken the lock, because this one did not answer.
    void lock.ended.then(() => this.end());
  }

  /** Shares this socket. */
  start(real: WebSocketLike): void {
    this.#real = real;
    if (this.hasEnded) real.close();
    real.addEventListener('open', () => {
      if (this.hasEnded) return;
      this.#isOpen = true;
      this.socket.open();
      this.#tell({ kind: 'opened' });
    });
    real.addEventListener('message', ({ data }) => {
      if (!this.hasEnded) this.#receive(String(data));
    });
    real.addEventListener('close', () => this.end());
    // `close` follows and is enough. Without a listener, the `ws` package would throw the error.
    real.addEventListener('error', () => {});
  }

  /** A room that is open in this tab has changed. */
  tellActivity(event: RoomActivity): void {
    this.#multiplexer.activity(event);
  }

  /** Ends the socket of all tabs, and lets another tab lead. */
  end(): void {
    if (this.hasEnded) return;
    this.#flush();
    this.hasEnded = true;
    this.#multiplexer.end();
    this.#watches.abort();
    this.#real?.close();
    this.#tell({ kind: 'closed' });
    this.#ports.channel.close();
    this.#ports.lock.release();
    this.socket.end();
  }

  #receive(data: string): void {
    for (const event of readEvents(data)) this.#multiplexer.receive(event);
    this.#flush();
  }

  #toServer(command: Command): void {
    if (!this.hasEnded && this.#isOpen) this.#real?.send(JSON.stringify(command));
  }

  #receiveFromTab(data: unknown): void {
    const message = readTabMessage(data);
    if (message === undefined || this.hasEnded) return;
    if (message.kind === 'hello') this.#welcome(message.follower);
    const number = 'follower' in message ? this.#numberOf(message.follower) : undefined;
    if (number === undefined || message.kind === 'hello' || message.leader !== this.#ports.id) return;
    if (message.kind === 'command') this.#multiplexer.command(number, JSON.parse(message.data) as TabCommand);
    if (message.kind === 'activity') this.#multiplexer.activity(message.event);
    if (message.kind === 'bye') this.#leave(number);
  }

  #welcome(follower: string): void {
    if (this.#numberOf(follower) === undefined) {
      this.#lastNumber += 1;
      const number = this.#lastNumber;
      this.#followers.set(number, follower);
      void this.#watch(follower).then(() => this.#leave(number));
    }
    this.#tell({ kind: 'welcome', to: [follower], isOpen: this.#isOpen });
    this.#multiplexer.tabOpened(this.#numberOf(follower) as number);
  }

  /** Resolves when the follower is gone, also if its browser tab has crashed: each one holds a lock while it lives. */
  async #watch(follower: string): Promise<void> {
    const { locks, name } = this.#ports;
    const lock = await waitForLock(locks, tabLockName(name, follower), this.#watches.signal);
    lock?.release();
  }

  #leave(number: number): void {
    if (this.hasEnded || !this.#followers.delete(number)) return;
    this.#multiplexer.tabClosed(number);
  }

  #numberOf(follower: string): number | undefined {
    for (const [number, id] of this.#followers) if (id === follower) return number;
    return undefined;
  }

  #idsOf(tabs: readonly number[]): string[] {
    return tabs.flatMap((tab) => this.#followers.get(tab) ?? []);
  }

  /** Events for the same tabs are sent together. */
  #toTabs(tabs: readonly number[], events: readonly ServerEvent[]): void {
    if (this.#batches.length === 0) queueMicrotask(() => this.#flush());
    const last = this.#batches.at(-1);
    if (last?.tabs.join() === tabs.join()) last.events.push(...events);
    else this.#batches.push({ tabs, events: [...events] });
  }

  #flush(): void {
    const batches = this.#batches;
    this.#batches = [];
    for (const { tabs, events } of batches) {
      const data = JSON.stringify(events);
      if (tabs.includes(leaderTab)) this.socket.receive(data);
      const to = this.#idsOf(tabs);
      if (to.length > 0) this.#tell({ kind: 'frame', to, data });
    }
  }

  #tell(message: WithoutLeader<LeaderMessage>): void {
    post(this.#ports.channel, { ...message, leader: this.#ports.id });
  }
}

type WithoutLeader<M> = M extends unknown ? Omit<M, 'leader'> : never;

/** Parses a frame with one event or an array of events. Ignores other frames, such as the gateway's own error messages. */
function readEvents(data: string): ServerEvent[] {
  try {
    const parsed = JSON.parse(data) as ServerEvent | ServerEvent[];
    return [parsed].flat().filter((event) => typeof (event as { type?: unknown } | null)?.type === 'string');
  } catch {
    return [];
  }
}
