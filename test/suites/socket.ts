/** A WebSocket client for the suites: records every event, and waits for the one that is wanted. */
import { WebSocket, type ClientOptions } from 'ws';
import { chatUrl } from './api.ts';

export type Event = Record<string, any> & { type: string };
export type Matcher = string | ((event: Event) => boolean);

const patienceMs = 8_000;

/** The handshake was refused; `status` is its HTTP status. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`refused with ${status}`);
    this.status = status;
  }
}

export interface SocketOptions {
  token?: string;
  protocols?: string[];
  headers?: Record<string, string>;
  origin?: string;
}

export class ChatSocket {
  /** Every event so far, in the order in which they came; batches unpacked. */
  readonly events: Event[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly socket: WebSocket;
  private taken = 0;
  private wake: () => void = () => {};

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => {
      const parsed: unknown = JSON.parse((data as Buffer).toString());
      this.events.push(...((Array.isArray(parsed) ? parsed : [parsed]) as Event[]));
      this.wake();
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        this.wake();
      });
    });
  }

  /** `path` with its query, e.g. `/ws/chat/general/?history=0`. Rejects with `Refused`. */
  static async open(
    path: string,
    { token, protocols, headers, origin }: SocketOptions = {},
  ): Promise<ChatSocket> {
    const options: ClientOptions = {
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
      ...(origin === undefined ? {} : { origin }),
    };
    const socket = new WebSocket(chatUrl().replace(/^http/, 'ws') + path, protocols ?? [], options);
    const client = new ChatSocket(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
      socket.once('unexpected-response', (request, response) => {
        response.resume();
        request.destroy();
        reject(new Refused(response.statusCode ?? 0));
      });
    });
    return client;
  }

  /** Opens a room and waits for the end of its welcome. */
  static async inRoom(room: string, token: string, query = ''): Promise<ChatSocket> {
    const client = await ChatSocket.open(`/ws/chat/${encodeURIComponent(room)}/${query}`, { token });
    await client.next('history_end');
    return client;
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** The first event not yet taken that matches; those before it count as taken. Rejects after eight seconds. */
  async next(wanted: Matcher): Promise<Event> {
    const matches = typeof wanted === 'string' ? (event: Event) => event.type === wanted : wanted;
    const until = Date.now() + patienceMs;
    for (;;) {
      for (let at = this.taken; at < this.events.length; at += 1) {
        const event = this.events[at] as Event;
        if (!matches(event)) continue;
        this.taken = at + 1;
        return event;
      }
      const left = until - Date.now();
      const isOver = left <= 0 || this.socket.readyState === WebSocket.CLOSED;
      if (isOver)
        throw new Error(`no ${String(wanted)} among ${JSON.stringify(this.events.slice(this.taken))}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /**
   * Everything that came before the answer to a `ping` sent now. What the server had to say to this socket because
   * of earlier commands of other sockets may still be on its way: wait for an event that proves it first.
   */
  async upToPong(): Promise<Event[]> {
    const from = this.taken;
    this.send({ type: 'ping' });
    await this.next('pong');
    return this.events.slice(from, this.taken - 1);
  }

  ofType(type: string): Event[] {
    return this.events.filter((event) => event.type === type);
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}
