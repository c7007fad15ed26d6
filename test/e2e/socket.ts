/** A WebSocket client for the suites: records every event, and waits for the one that is wanted. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { WebSocket, type ClientOptions } from 'ws';
import { chatUrl } from './api.ts';

export type Event = Record<string, any> & { type: string };
export type Matcher = string | ((event: Event) => boolean);

/** Matches an event of that type whose fields are those given. */
export function like(type: string, fields: Record<string, unknown> = {}): Matcher {
  const matches = (event: Event): boolean =>
    event.type === type && Object.entries(fields).every(([name, value]) => event[name] === value);
  matches.toString = () => `${type} ${JSON.stringify(fields)}`;
  return matches;
}

const patienceMs = 8_000;

/** The handshake was refused; `status` is its HTTP status. */
export class Refused extends Error {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  constructor({ statusCode = 0, headers }: IncomingMessage, body: string) {
    super(`refused with ${statusCode}`);
    this.status = statusCode;
    this.headers = headers;
    this.body = body;
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
  /** Every frame so far as it came, parsed: an event, or a batch of them. */
  readonly frames: unknown[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly socket: WebSocket;
  private taken = 0;
  private waiting: (() => void)[] = [];

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => {
      const parsed: unknown = JSON.parse((data as Buffer).toString());
      this.frames.push(parsed);
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

  private wake(): void {
    for (const resume of this.waiting.splice(0)) resume();
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
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('close', () => {
          request.destroy();
          reject(new Refused(response, Buffer.concat(chunks).toString()));
        });
      });
    });
    return client;
  }

  /** The status with which that handshake is refused. Rejects when it is not. */
  static async refusal(path: string, options: SocketOptions = {}): Promise<number> {
    const outcome = await ChatSocket.open(path, options).catch((error: unknown) => error);
    if (outcome instanceof Refused) return outcome.status;
    if (!(outcome instanceof ChatSocket)) throw outcome;
    outcome.socket.terminate();
    throw new Error(`${path} was opened`);
  }

  /** Opens a room and waits for the end of its welcome. */
  static async inRoom(room: string, token: string, query = ''): Promise<ChatSocket> {
    const client = await ChatSocket.open(`/ws/chat/${encodeURIComponent(room)}/${query}`, { token });
    await client.next('history_end');
    return client;
  }

  /** Text is sent as it is, anything else as JSON. */
  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** The first event not yet taken that matches; those before it count as taken. Rejects after eight seconds. */
  async next(wanted: Matcher): Promise<Event> {
    const at = await this.indexOf(wanted, this.taken);
    this.taken = at + 1;
    return this.events[at] as Event;
  }

  /** The first event of all that matches, taken or not: for what may come in any order. Takes nothing. */
  async find(wanted: Matcher): Promise<Event> {
    return this.events[await this.indexOf(wanted, 0)] as Event;
  }

  private async indexOf(wanted: Matcher, from: number): Promise<number> {
    const matches = typeof wanted === 'string' ? (event: Event) => event.type === wanted : wanted;
    const until = Date.now() + patienceMs;
    for (;;) {
      for (let at = from; at < this.events.length; at += 1) {
        if (matches(this.events[at] as Event)) return at;
      }
      const left = until - Date.now();
      const isOver = left <= 0 || this.socket.readyState === WebSocket.CLOSED;
      if (isOver) throw new Error(`no ${String(wanted)} among ${JSON.stringify(this.events.slice(from))}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
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
