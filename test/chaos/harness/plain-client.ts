/**
 * A client of its own code that speaks the seed's protocol, with `ping`, `history` and `client_id` added. It records
 * every frame with its time, does nothing by itself, and comes back only when told to.
 */

import { WebSocket } from 'ws';

export type ChatEvent = Record<string, any> & { type: string };

export interface Recorded {
  event: ChatEvent;
  /** Milliseconds of the wall clock. */
  at: number;
  /** Which opening of the client it came on, from 1. */
  session: number;
}

/** The handshake was refused; `status` is its HTTP status. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`refused with ${status}`);
    this.status = status;
  }
}

export type Wanted = string | ((event: ChatEvent) => boolean);

export interface PlainClientOptions {
  webSocketUrl: string;
  access: string;
  /** None for a socket that joins rooms by itself. */
  room?: string;
}

export interface PlainClient {
  /** Every event of every opening, in the order in which they came; batches unpacked. */
  readonly record: readonly Recorded[];
  readonly isOpen: boolean;
  /** How often it has been opened. */
  readonly sessions: number;
  /** How the last opening ended, once it has. */
  readonly closedWith: { code: number; reason: string; at: number } | undefined;
  /**
   * Opens a socket, anew if there was one. `query` such as `after=12`, `history=0`, `batch=1`. Rejects with `Refused`,
   * or when there is no answer within `timeoutMs`.
   */
  open(query?: string, timeoutMs?: number): Promise<void>;
  /** Opens it and waits for the `history_end` of the room, whose events are in the record then. */
  enter(query?: string, timeoutMs?: number): Promise<ChatEvent>;
  /** Text is sent as it is, anything else as JSON; false when the socket is not open. */
  send(frame: unknown): boolean;
  /**
   * The first event from `from` on (an index of the record; the present end when absent) that is wanted; undefined when
   * none came in time, or the socket closed first.
   */
  find(wanted: Wanted, options?: { from?: number; timeoutMs?: number }): Promise<ChatEvent | undefined>;
  /** Sends a frame and gives what answers it; undefined as in `find`. */
  ask(frame: unknown, wanted: Wanted, timeoutMs?: number): Promise<ChatEvent | undefined>;
  /** Settles when the present socket has closed, or after `timeoutMs`; says whether it has. */
  closed(timeoutMs?: number): Promise<boolean>;
  /** Lets it go without a word, as a device that loses its network. */
  cut(): void;
  /** Closes it in the orderly way. */
  close(): Promise<void>;
}

const patienceMs = 15_000;

export function plainClient({ webSocketUrl, access, room }: PlainClientOptions): PlainClient {
  const record: Recorded[] = [];
  let socket: WebSocket | undefined;
  let sessions = 0;
  let closedWith: PlainClient['closedWith'];
  const waiting = new Set<() => void>();

  function wake(): void {
    for (const resume of waiting) resume();
  }

  function take(opened: WebSocket, session: number): void {
    opened.on('message', (data) => {
      const parsed = JSON.parse((data as Buffer).toString('utf8')) as ChatEvent | ChatEvent[];
      const at = Date.now();
      for (const event of [parsed].flat()) record.push({ event, at, session });
      wake();
    });
    opened.on('error', () => undefined);
    opened.once('close', (code, reason) => {
      if (socket === opened) closedWith = { code, reason: reason.toString('utf8'), at: Date.now() };
      wake();
    });
  }

  async function open(query = '', timeoutMs = patienceMs): Promise<void> {
    socket?.terminate();
    const path = room === undefined ? '/ws' : `/ws/chat/${encodeURIComponent(room)}/`;
    const opened = new WebSocket(`${webSocketUrl}${path}${query === '' ? '' : `?${query}`}`, {
      headers: { authorization: `Bearer ${access}` },
      handshakeTimeout: timeoutMs,
      perMessageDeflate: false,
    });
    sessions += 1;
    closedWith = undefined;
    socket = opened;
    take(opened, sessions);
    await new Promise<void>((resolve, reject) => {
      opened.once('open', () => resolve());
      opened.once('error', reject);
      opened.once('unexpected-response', (outgoing, response) => {
        response.resume();
        outgoing.destroy();
        reject(new Refused(response.statusCode ?? 0));
      });
    });
  }

  const isOpen = (): boolean => socket?.readyState === WebSocket.OPEN;

  async function find(
    wanted: Wanted,
    { from = record.length, timeoutMs = patienceMs }: { from?: number; timeoutMs?: number } = {},
  ): Promise<ChatEvent | undefined> {
    const matches = typeof wanted === 'string' ? (event: ChatEvent) => event.type === wanted : wanted;
    const until = Date.now() + timeoutMs;
    let next = from;
    for (;;) {
      for (; next < record.length; next += 1) {
        if (matches(record[next]!.event)) return record[next]!.event;
      }
      const left = until - Date.now();
      if (left <= 0 || !isOpen()) return undefined;
      await something(left);
    }
  }

  function something(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const resume = (): void => {
        clearTimeout(timer);
        waiting.delete(resume);
        resolve();
      };
      const timer = setTimeout(resume, timeoutMs);
      waiting.add(resume);
    });
  }

  function send(frame: unknown): boolean {
    if (!isOpen()) return false;
    socket!.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
    return true;
  }

  const isClosed = (): boolean => socket === undefined || socket.readyState === WebSocket.CLOSED;

  async function closed(timeoutMs = patienceMs): Promise<boolean> {
    const until = Date.now() + timeoutMs;
    while (!isClosed()) {
      const left = until - Date.now();
      if (left <= 0) return false;
      await something(left);
    }
    return true;
  }

  return {
    record,
    get isOpen() {
      return isOpen();
    },
    get sessions() {
      return sessions;
    },
    get closedWith() {
      return closedWith;
    },
    open,
    async enter(query = '', timeoutMs = patienceMs) {
      const from = record.length;
      await open(query, timeoutMs);
      const end = await find('history_end', { from, timeoutMs });
      if (end === undefined) throw new Error('the room was not opened in time');
      return end;
    },
    send,
    find,
    ask(frame, wanted, timeoutMs = patienceMs) {
      const from = record.length;
      return send(frame) ? find(wanted, { from, timeoutMs }) : Promise.resolve(undefined);
    },
    closed,
    cut: () => socket?.terminate(),
    async close() {
      socket?.close();
      await closed();
    },
  };
}
