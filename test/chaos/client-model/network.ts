/** The network of one tab: sockets and requests that reach the real runtime late, twice or not at all. */

import type { WebSocketConstructor } from '../../../client/index.ts';
import type { Random } from '../harness/random.ts';
import { socketClassOf, type NetworkSocket } from './network-socket.ts';
import type { Pace } from './pace.ts';

export interface Conditions {
  maxLatencyMs: number;
  /** Of frames to the client on a socket that lives: a post may fail. */
  lossToClient: number;
  duplicatesToClient: number;
  /** Of frames to the server on a socket that lives: a function may fail. */
  lossToServer: number;
}

/** Changes frames on their way, for clients that are broken on purpose; undefined drops the frame. */
export interface Tampering {
  /** `reply` answers in place of the server. */
  toServer?: (frame: Frame, reply: (frame: Frame) => void) => Frame | undefined;
  toClient?: (frame: Frame) => Frame | undefined;
  request?: (url: string, init: RequestInit) => RequestInit;
}

export type Frame = Record<string, unknown> & { type?: string };

export interface NetworkOptions {
  random: Random;
  conditions: Conditions;
  pace: Pace;
  tampering?: Tampering;
}

export type Mode = 'online' | 'offline' | 'silent';

/** After this a request in a dead network is given up, in the client's time. */
const requestPatienceMs = 20_000;

export class Network {
  mode: Mode = 'online';
  /** False once the page is gone: nothing reaches it any more. */
  isAlive = true;
  conditions: Conditions;
  readonly random: Random;
  private readonly pace: Pace;
  readonly tampering: Tampering;
  readonly sockets = new Set<NetworkSocket>();
  /** Counts interruptions, so that a request can tell whether one came in between. */
  private interruptions = 0;
  private readonly waiting: (() => void)[] = [];

  constructor({ random, conditions, pace, tampering = {} }: NetworkOptions) {
    this.random = random;
    this.pace = pace;
    this.conditions = conditions;
    this.tampering = tampering;
  }

  get WebSocket(): WebSocketConstructor {
    return socketClassOf(this);
  }

  fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const { interruptions } = this;
    await this.pass();
    await this.checkReachable(interruptions);
    const url = input instanceof Request ? input.url : input.toString();
    const response = await globalThis.fetch(url, this.tampering.request?.(url, init) ?? init);
    const text = await response.text();
    await this.pass();
    await this.checkReachable(interruptions);
    const { status, headers } = response;
    return new Response(status === 204 ? null : text, { status, headers });
  };

  /** Ends what is under way; the next attempt works. */
  cut(): void {
    this.interruptions += 1;
    for (const socket of this.sockets) socket.lose({ isSilent: false });
  }

  enter(mode: Mode): void {
    this.mode = mode;
    if (mode === 'online') {
      for (const resume of this.waiting.splice(0)) resume();
      return;
    }
    this.interruptions += 1;
    for (const socket of this.sockets) socket.lose({ isSilent: mode === 'silent' });
  }

  /** The page is gone, and with it its sockets and everything that waits for an answer. */
  kill(): void {
    this.isAlive = false;
    for (const socket of this.sockets) socket.lose({ isSilent: true });
  }

  latency(): number {
    const { maxLatencyMs } = this.conditions;
    return this.random.next() * maxLatencyMs;
  }

  private online(): Promise<void> {
    return new Promise((resolve) => void this.waiting.push(resolve));
  }

  private pass(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.latency()));
  }

  private async checkReachable(interruptions: number): Promise<void> {
    if (!this.isAlive) await new Promise(() => {});
    if (this.mode === 'online' && interruptions === this.interruptions) return;
    // Browsers give requests up when the network comes back as another one.
    if (this.mode === 'silent') await Promise.race([this.pace.delay(requestPatienceMs), this.online()]);
    throw new TypeError('fetch failed');
  }
}
