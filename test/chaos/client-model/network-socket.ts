/**
 * One socket of a tab's network. Frames to the server may overtake each other, since API Gateway handles them
 * concurrently; frames to the client keep their order, as on one TCP connection.
 */

import { WebSocket } from 'ws';
import type { WebSocketConstructor, WebSocketLike } from '../../../client/src/index.ts';
import type { Frame, Network } from './network.ts';

type Listener = (event: { data: unknown }) => void;

export class NetworkSocket implements WebSocketLike {
  readyState = 0;
  private readonly network: Network;
  private readonly listeners = new Map<string, Listener[]>();
  private real: WebSocket | undefined;
  private isLost = false;
  private toServerInFlight = 0;
  private wantsEnd = false;
  private readonly toClient: { dueMs: number; run: () => void }[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(network: Network, url: string, protocols: string[]) {
    this.network = network;
    network.sockets.add(this);
    if (network.mode === 'silent') return;
    setTimeout(() => {
      if (network.mode === 'offline') this.lose({ isSilent: false });
      else if (!this.isLost) this.connect(url, protocols);
    }, network.latency());
  }

  addEventListener(type: string, listener: Listener | (() => void)): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }

  send(data: string): void {
    const reply = (answer: Frame): void => this.deliver(() => this.emit('message', JSON.stringify(answer)));
    const frame = change(data, (one) => {
      const { tampering } = this.network;
      return tampering.toServer === undefined ? one : tampering.toServer(one, reply);
    });
    const { random, conditions } = this.network;
    if (this.isLost || frame === undefined || random.chance(conditions.lossToServer)) return;
    this.toServerInFlight += 1;
    setTimeout(() => {
      this.toServerInFlight -= 1;
      if (this.isLost) return;
      if (this.real?.readyState === WebSocket.OPEN) this.real.send(frame);
      this.endWhenAllIsSent();
    }, this.network.latency());
  }

  close(): void {
    if (this.readyState >= 2) return;
    this.readyState = 2;
    this.wantsEnd = true;
    this.endWhenAllIsSent();
  }

  /** Loses the connection. If `isSilent`, the client gets no `close` event. */
  lose({ isSilent }: { isSilent: boolean }): void {
    this.isLost = true;
    clearTimeout(this.timer);
    this.toClient.splice(0);
    this.real?.terminate();
    this.network.sockets.delete(this);
    if (!isSilent) setTimeout(() => this.ended(), this.network.latency());
  }

  private connect(url: string, protocols: string[]): void {
    const real = new WebSocket(url, protocols, { perMessageDeflate: false });
    this.real = real;
    real.on('open', () => {
      this.deliver(() => {
        if (this.readyState !== 0) return;
        this.readyState = 1;
        this.emit('open');
      });
    });
    real.on('message', (data) => this.receive((data as Buffer).toString('utf8')));
    real.on('error', () => {});
    real.on('close', () => this.deliver(() => this.ended()));
  }

  private receive(data: string): void {
    const { random, conditions, tampering } = this.network;
    const frame = change(data, (one) => (tampering.toClient === undefined ? one : tampering.toClient(one)));
    if (frame === undefined || random.chance(conditions.lossToClient)) return;
    const deliver = (): void => this.deliver(() => this.readyState === 1 && this.emit('message', frame));
    deliver();
    if (!random.chance(conditions.duplicatesToClient)) return;
    if (random.chance(0.5)) deliver();
    else setTimeout(deliver, random.integer(1, 300));
  }

  /** Runs after the latency, and after everything that was delivered before. */
  private deliver(run: () => void): void {
    if (this.isLost) return;
    const dueMs = Math.max(performance.now() + this.network.latency(), this.toClient.at(-1)?.dueMs ?? 0);
    this.toClient.push({ dueMs, run });
    if (this.toClient.length === 1) this.schedule();
  }

  private schedule(): void {
    const next = this.toClient[0];
    if (next === undefined) return;
    this.timer = setTimeout(
      () => {
        this.toClient.shift();
        if (this.network.isAlive) next.run();
        this.schedule();
      },
      Math.max(0, next.dueMs - performance.now()),
    );
  }

  /** Frames that were sent before the socket was closed still arrive. */
  private endWhenAllIsSent(): void {
    if (!this.wantsEnd || this.toServerInFlight > 0) return;
    if (this.real === undefined) this.lose({ isSilent: false });
    else if (this.real.readyState === WebSocket.CONNECTING) this.real.terminate();
    else this.real.close();
  }

  private ended(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.network.sockets.delete(this);
    this.emit('close');
  }

  private emit(type: string, data?: string): void {
    if (!this.network.isAlive) return;
    for (const listener of this.listeners.get(type) ?? []) listener({ data });
  }
}

export function socketClassOf(network: Network): WebSocketConstructor {
  return class extends NetworkSocket {
    constructor(url: string, protocols: string[]) {
      super(network, url, protocols);
    }
  };
}

/** Changes each event of a frame or batch; data that is not JSON stays as it is. */
function change(data: string, tamper: (frame: Frame) => Frame | undefined): string | undefined {
  const parsed = parse(data);
  if (parsed === undefined) return data;
  const kept = [parsed].flat().flatMap((frame) => tamper(frame) ?? []);
  if (kept.length === 0) return undefined;
  return JSON.stringify(Array.isArray(parsed) ? kept : kept[0]);
}

function parse(data: string): Frame | Frame[] | undefined {
  try {
    return JSON.parse(data) as Frame | Frame[];
  } catch {
    return undefined;
  }
}
