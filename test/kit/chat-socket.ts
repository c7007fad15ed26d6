/** A WebSocket client that records every event and waits for the one that a test expects. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { WebSocket, type ClientOptions } from 'ws';
import { chatUrl } from './deployment.ts';

export type ChatEvent = Record<string, any> & { type: string };
export type EventMatcher = string | ((event: ChatEvent) => boolean);

/** Matches events of the given type whose fields equal the given ones; other fields may have any value. */
export function like(type: string, fields: Record<string, unknown> = {}): EventMatcher {
  const matches = (event: ChatEvent): boolean =>
    event.type === type && Object.entries(fields).every(([name, value]) => event[name] === value);
  matches.toString = () => `${type} ${JSON.stringify(fields)}`;
  return matches;
}

const timeoutMs = 8_000;

/** The server refused the handshake; `status` is its HTTP status. */
export class HandshakeRefused extends Error {
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
  /** All received events in their order of arrival, with batches unpacked. */
  readonly events: ChatEvent[] = [];
  /** All received frames, parsed: each is an event or a batch of events. */
  readonly frames: unknown[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly socket: WebSocket;
  /** The index of the first event that `next` has not passed yet. */
  private position = 0;
  private waiting: (() => void)[] = [];

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => {
      const parsed: unknown = JSON.parse((data as Buffer).toString());
      this.frames.push(parsed);
      this.events.push(...((Array.isArray(parsed) ? parsed : [parsed]) as ChatEvent[]));
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

  /**
   * Opens a socket at a path with its query, such as `/ws/chat/general/?history=0`.
   *
   * @throws HandshakeRefused when the server answers with an HTTP status instead.
   */
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
          reject(new HandshakeRefused(response, Buffer.concat(chunks).toString()));
        });
      });
    });
    return client;
  }

  /** Returns the status with which the handshake is refused. Rejects when it succeeds. */
  static async refusal(path: string, options: SocketOptions = {}): Promise<number> {
    const outcome = await ChatSocket.open(path, options).catch((error: unknown) => error);
    if (outcome instanceof HandshakeRefused) return outcome.status;
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

  /** Sends text unchanged and anything else as JSON. */
  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /**
   * Waits for the first matching event after the one that the previous call returned. Rejects after eight seconds, or
   * when the socket closes.
   */
  async next(matcher: EventMatcher): Promise<ChatEvent> {
    const index = await this.indexOf(matcher, this.position);
    this.position = index + 1;
    return this.events[index] as ChatEvent;
  }

  /**
   * Waits for the first matching event among all events, so that events may come in any order. Does not change where
   * `next` starts.
   */
  async find(matcher: EventMatcher): Promise<ChatEvent> {
    return this.events[await this.indexOf(matcher, 0)] as ChatEvent;
  }

  private async indexOf(matcher: EventMatcher, from: number): Promise<number> {
    const matches = typeof matcher === 'string' ? (event: ChatEvent) => event.type === matcher : matcher;
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      for (let index = from; index < this.events.length; index += 1) {
        if (matches(this.events[index] as ChatEvent)) return index;
      }
      const remainingMs = deadline - Date.now();
      const isOver = remainingMs <= 0 || this.socket.readyState === WebSocket.CLOSED;
      if (isOver) throw new Error(`no ${String(matcher)} among ${JSON.stringify(this.events.slice(from))}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, remainingMs);
        this.waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /**
   * Sends a `ping` and returns the events that arrive before its `pong`. Events caused by other sockets may still be on
   * their way; wait for an event that proves their arrival first.
   */
  async upToPong(): Promise<ChatEvent[]> {
    const from = this.position;
    this.send({ type: 'ping' });
    await this.next('pong');
    return this.events.slice(from, this.position - 1);
  }

  ofType(type: string): ChatEvent[] {
    return this.events.filter((event) => event.type === type);
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}
