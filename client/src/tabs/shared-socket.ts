/** What the client of one tab has in place of a WebSocket: its end of the socket that the tabs share. */
import type { WebSocketLike } from '../system.ts';

export interface SharedSocketPorts {
  /** The client has sent a text. */
  send(data: string): void;
  /** The client does not use the socket any more. */
  closed(): void;
}

type SocketEvent = 'open' | 'message' | 'close' | 'error';
type Listener = (event: { data: unknown }) => void;

export class SharedSocket implements WebSocketLike {
  /** As in a WebSocket: 0 while it opens, 1 while it is open, 3 when it is closed. */
  readyState = 0;
  readonly #ports: SharedSocketPorts;
  readonly #listeners: { type: SocketEvent; listener: Listener }[] = [];
  /** The events that no listener has received. */
  #queue: { type: SocketEvent; data?: string }[] = [];
  #isScheduled = false;

  constructor(ports: SharedSocketPorts) {
    this.#ports = ports;
  }

  addEventListener(type: SocketEvent, listener: Listener): void {
    this.#listeners.push({ type, listener });
    this.#schedule();
  }

  send(data: string): void {
    if (this.readyState === 1) this.#ports.send(data);
  }

  close(): void {
    if (this.readyState === 3) return;
    this.end();
    this.#ports.closed();
  }

  open(): void {
    if (this.readyState === 0) this.#emit('open');
  }

  receive(data: string): void {
    if (this.readyState !== 3) this.#emit('message', data);
  }

  /** The shared socket has ended, or the tab has lost it. What was received before is still delivered. */
  end(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.#emit('close');
  }

  #emit(type: SocketEvent, data?: string): void {
    this.#queue.push(data === undefined ? { type } : { type, data });
    this.#schedule();
  }

  /** Events come after the call that caused them, and not before the client listens. */
  #schedule(): void {
    if (this.#isScheduled || this.#listeners.length === 0 || this.#queue.length === 0) return;
    this.#isScheduled = true;
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    this.#isScheduled = false;
    const events = this.#queue;
    this.#queue = [];
    for (const { type, data } of events) {
      if (type === 'open' && this.readyState === 0) this.readyState = 1;
      for (const one of this.#listeners) if (one.type === type) one.listener({ data });
    }
  }
}
