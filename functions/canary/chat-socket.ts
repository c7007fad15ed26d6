/**
 * A WebSocket of a chat client that records every event with the time of its arrival. It uses the package `ws`, since the
 * global WebSocket hides the status with which a handshake is refused.
 */
import { WebSocket } from 'ws';
import type { ChatAddresses } from './chat-api.ts';

export interface ChatEvent {
  type: string;
  [field: string]: unknown;
}

export interface Arrival {
  event: ChatEvent;
  /** Milliseconds of the wall clock. */
  atMs: number;
}

/** The server refused the handshake with this HTTP status. */
export class HandshakeRefused extends Error {
  override readonly name = 'HandshakeRefused';
  readonly status: number;

  constructor(status: number, text: string) {
    super(`The handshake was refused with ${status}: ${text.slice(0, 300)}`);
    this.status = status;
  }
}

export interface HandshakeOptions {
  /** Sent in the header `Authorization`. */
  token?: string;
  /** Such as `room`, `ticket` or `after`. */
  query?: Readonly<Record<string, string>>;
}

type EventMatcher = (event: ChatEvent) => boolean;

const handshakeTimeoutMs = 15_000;

export class ChatSocket {
  /** All events in the order of their arrival, with batches unpacked. */
  readonly arrivals: Arrival[] = [];
  private readonly socket: WebSocket;
  private readonly waiting = new Set<() => void>();
  private closedWith: number | undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => {
      const parsed = JSON.parse(data.toString('utf8')) as ChatEvent | ChatEvent[];
      const atMs = Date.now();
      for (const event of [parsed].flat()) this.arrivals.push({ event, atMs });
      this.wake();
    });
    socket.once('close', (code) => {
      this.closedWith = code;
      this.wake();
    });
  }

  /**
   * Opens a socket.
   * @throws HandshakeRefused when the server answers with an HTTP status instead
   */
  static async open(
    { webSocket }: Pick<ChatAddresses, 'webSocket'>,
    { token, query = {} }: HandshakeOptions,
  ): Promise<ChatSocket> {
    const parameters = new URLSearchParams(query).toString();
    const socket = new WebSocket(parameters === '' ? webSocket : `${webSocket}?${parameters}`, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      handshakeTimeout: handshakeTimeoutMs,
      perMessageDeflate: false,
    });
    const opened = new ChatSocket(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.on('error', reject);
      socket.once('unexpected-response', (request, response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('close', () => {
          request.destroy();
          reject(new HandshakeRefused(response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8')));
        });
      });
    });
    return opened;
  }

  /** Undefined while the socket is open, then the code of the close frame. */
  get closeCode(): number | undefined {
    return this.closedWith;
  }

  /** Sends text unchanged and anything else as JSON. */
  send(frame: string | object): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Returns the first matching event, received before or after the call; undefined when none arrives in time. */
  async find(matcher: EventMatcher, timeoutMs: number): Promise<Arrival | undefined> {
    await this.waitUntil(
      () => this.closedWith !== undefined || this.arrivals.some(({ event }) => matcher(event)),
      timeoutMs,
    );
    return this.arrivals.find(({ event }) => matcher(event));
  }

  /**
   * Does the same for an event that must arrive.
   * @throws Error naming the event when it does not
   */
  async expect(type: string, timeoutMs: number, matcher: EventMatcher = () => true): Promise<Arrival> {
    const found = await this.find((event) => event.type === type && matcher(event), timeoutMs);
    if (found !== undefined) return found;
    const closed = this.closedWith === undefined ? '' : `, and the socket was closed with ${this.closedWith}`;
    const received = this.arrivals.map(({ event }) => event.type).join(', ') || 'nothing';
    throw new Error(`No ${type} arrived within ${timeoutMs} ms; received: ${received}${closed}`);
  }

  /** Returns whether the condition held within the time; it is evaluated after every event. */
  async waitUntil(condition: () => boolean, timeoutMs: number): Promise<boolean> {
    const deadlineMs = Date.now() + timeoutMs;
    while (!condition()) {
      const leftMs = deadlineMs - Date.now();
      if (leftMs <= 0) return false;
      await new Promise<void>((resolve) => {
        const resume = (): void => {
          clearTimeout(timer);
          this.waiting.delete(resume);
          resolve();
        };
        const timer = setTimeout(resume, leftMs);
        this.waiting.add(resume);
      });
    }
    return true;
  }

  /** Closes the socket, and ends the connection when the server does not confirm that. */
  async close(timeoutMs = 2_000): Promise<void> {
    this.socket.close();
    if (!(await this.waitUntil(() => this.closedWith !== undefined, timeoutMs))) this.socket.terminate();
  }

  private wake(): void {
    for (const resume of this.waiting) resume();
  }
}
