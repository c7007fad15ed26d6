/** The network of one tab: delivers frames and requests to the real runtime late, twice or not at all. */

import type { WebSocketConstructor } from '../../../client/src/index.ts';
import type { Random } from '../harness/random.ts';
import { socketClassOf, type NetworkSocket } from './network-socket.ts';
import type { Pace } from './pace.ts';

export interface Conditions {
  maxLatencyMs: number;
  /** The share of frames to the client that are lost on a live socket, as when a post fails. */
  lossToClient: number;
  /** The share of frames to the client that arrive twice. */
  duplicatesToClient: number;
  /** The share of frames to the server that are lost on a live socket, as when a function fails. */
  lossToServer: number;
}

/** Changes frames and requests of clients that are broken on purpose. A frame that becomes undefined is dropped. */
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

/** `silent`: nothing arrives, and no error says so. */
export type Mode = 'online' | 'offline' | 'silent';

/** A request in a silent network fails after this, in the run's time. */
const requestTimeoutMs = 20_000;

export class Network {
  mode: Mode = 'online';
  /** False after the page was closed: nothing reaches it any more. */
  isAlive = true;
  conditions: Conditions;
  readonly random: Random;
  private readonly pace: Pace;
  readonly tampering: Tampering;
  readonly sockets = new Set<NetworkSocket>();
  /** The number of interruptions, by which a request finds out whether there was one since it started. */
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
    await this.delay();
    await this.checkReachable(interruptions);
    const url = input instanceof Request ? input.url : input.toString();
    const response = await globalThis.fetch(url, this.tampering.request?.(url, init) ?? init);
    const text = await response.text();
    await this.delay();
    await this.checkReachable(interruptions);
    const { status, headers } = response;
    return new Response(status === 204 ? null : text, { status, headers });
  };

  /** Ends all sockets and requests; new ones work. */
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

  /** Closes the page: its sockets end, and its requests are never answered. */
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

  private delay(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.latency()));
  }

  private async checkReachable(interruptions: number): Promise<void> {
    if (!this.isAlive) await new Promise(() => {});
    if (this.mode === 'online' && interruptions === this.interruptions) return;
    // Browsers abort requests when the network comes back as another one.
    if (this.mode === 'silent') await Promise.race([this.pace.delay(requestTimeoutMs), this.online()]);
    throw new TypeError('fetch failed');
  }
}
