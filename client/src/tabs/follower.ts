/** A tab that uses the socket of the leader: passes its client's frames on over the channel of the tabs. */
import type { HeldLock } from './locks.ts';
import { SharedSocket } from './shared-socket.ts';
import {
  type ChannelLike,
  type FollowerMessage,
  type LeaderMessage,
  post,
  readTabMessage,
  type RoomActivity,
} from './tab-messages.ts';

export interface FollowerPorts {
  id: string;
  channel: ChannelLike;
  /** The lock that shows the leader that this tab lives. */
  life: HeldLock;
  /** The leader has no place for the rooms of this tab. */
  full: () => void;
  ended: () => void;
}

export class Follower {
  readonly socket: SharedSocket;
  /** Resolves when a leader has accepted this tab. */
  readonly welcomed: Promise<void>;
  readonly #ports: FollowerPorts;
  #leader: string | undefined;
  #hasEnded = false;

  constructor(ports: FollowerPorts) {
    this.#ports = ports;
    this.socket = new SharedSocket({
      send: (data) => this.#tellLeader({ kind: 'command', data }),
      closed: () => this.end(),
    });
    this.welcomed = new Promise((resolve) => {
      ports.channel.addEventListener('message', ({ data }) => {
        this.#receive(readTabMessage(data));
        if (this.#leader !== undefined) resolve();
      });
    });
    post(ports.channel, { kind: 'hello', follower: ports.id });
  }

  /** A room that is open in this tab has changed. */
  tellActivity(event: RoomActivity): void {
    if (this.socket.readyState === 1) this.#tellLeader({ kind: 'activity', event });
  }

  /** Leaves the leader, or learns that the leader is gone. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const { channel, ended, life } = this.#ports;
    this.#tellLeader({ kind: 'bye' });
    channel.close();
    life.release();
    this.socket.end();
    ended();
  }

  #receive(message: LeaderMessage | FollowerMessage | undefined): void {
    if (message === undefined || 'follower' in message || this.#hasEnded) return;
    const { id, channel, full } = this.#ports;
    if ('to' in message && !message.to.includes(id)) return;
    if (message.kind === 'leading' && this.#leader === undefined)
      post(channel, { kind: 'hello', follower: id });
    else if (message.kind === 'leading') this.end();
    if (message.kind === 'welcome') {
      this.#leader ??= message.leader;
      if (message.isOpen && message.leader === this.#leader) this.socket.open();
    }
    if (message.leader !== this.#leader) return;
    if (message.kind === 'opened') this.socket.open();
    if (message.kind === 'frame') this.socket.receive(message.data);
    if (message.kind === 'full') full();
    if (message.kind === 'closed') this.end();
  }

  #tellLeader(message: Told): void {
    const { id, channel } = this.#ports;
    if (this.#leader !== undefined) post(channel, { ...message, follower: id, leader: this.#leader });
  }
}

type Told =
  Exclude<FollowerMessage, { kind: 'hello' }> extends infer M
    ? M extends unknown
      ? Omit<M, 'follower' | 'leader'>
      : never
    : never;
