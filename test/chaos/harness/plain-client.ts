/**
 * A client that shares no code with the product and, unlike the kit's socket, outlives its connections: it records the
 * events of all of them with their times, and sends, pings and reconnects only when it is called.
 */

import { WebSocket } from 'ws';

export type ChatEvent = Record<string, any> & { type: string };

export interface Recorded {
  event: ChatEvent;
  /** Milliseconds of the wall clock. */
  at: number;
  /** The number of the socket that it came on, from 1. */
  session: number;
}

/** Thrown when the handshake is refused; `status` is its HTTP status. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`refused with ${status}`);
    this.status = status;
  }
}

export type EventMatcher = string | ((event: ChatEvent) => boolean);

export interface PlainClientOptions {
  webSocketUrl: string;
  access: string;
  /** Undefined for a socket that opens rooms with `join`. */
  room?: string;
}

export interface PlainClient {
  /** Every event of every socket, in the order of arrival; batches are unpacked. */
  readonly record: readonly Recorded[];
  readonly isOpen: boolean;
  /** How many sockets it has opened. */
  readonly sessions: number;
  /** How the last socket closed; undefined while it is open. */
  readonly closedWith: { code: number; reason: string; at: number } | undefined;
  /**
   * Opens a socket, in place of the one before. `query` is, for example, `after=12`, `history=0` or `batch=1`. Rejects
   * with `Refused`, or when there is no answer within `timeoutMs`.
   */
  open(query?: string, timeoutMs?: number): Promise<void>;
  /** Opens a socket, waits for the `history_end` of its room and returns it. The events are in the record then. */
  enter(query?: string, timeoutMs?: number): Promise<ChatEvent>;
  /** Sends a string as it is and anything else as JSON. Returns false when the socket is not open. */
  send(frame: unknown): boolean;
  /**
   * Waits for the first matching event from index `from` of the record on; by default, from the present end. Returns
   * undefined when none comes in time, or when the socket closes first.
   */
  find(
    matcher: EventMatcher,
    options?: { from?: number; timeoutMs?: number },
  ): Promise<ChatEvent | undefined>;
  /** Sends a frame and waits for the event that answers it; undefined as in `find`. */
  ask(frame: unknown, matcher: EventMatcher, timeoutMs?: number): Promise<ChatEvent | undefined>;
  /** Waits until the socket has closed, at most `timeoutMs`. Returns whether it has. */
  closed(timeoutMs?: number): Promise<boolean>;
  /** Drops the connection without closing it, as a device does that loses its network. */
  cut(): void;
  /** Closes the socket with a close frame. */
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

  function recordEvents(opened: WebSocket, session: number): void {
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
    recordEvents(opened, sessions);
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
    matcher: EventMatcher,
    { from = record.length, timeoutMs = patienceMs }: { from?: number; timeoutMs?: number } = {},
  ): Promise<ChatEvent | undefined> {
    const matches = typeof matcher === 'string' ? (event: ChatEvent) => event.type === matcher : matcher;
    const until = Date.now() + timeoutMs;
    let next = from;
    for (;;) {
      for (; next < record.length; next += 1) {
        if (matches(record[next]!.event)) return record[next]!.event;
      }
      const left = until - Date.now();
      if (left <= 0 || !isOpen()) return undefined;
      await nextChange(left);
    }
  }

  function nextChange(timeoutMs: number): Promise<void> {
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
      await nextChange(left);
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
      if (end === undefined) throw new Error('The room was not opened in time');
      return end;
    },
    send,
    find,
    ask(frame, matcher, timeoutMs = patienceMs) {
      const from = record.length;
      return send(frame) ? find(matcher, { from, timeoutMs }) : Promise.resolve(undefined);
    },
    closed,
    cut: () => socket?.terminate(),
    async close() {
      socket?.close();
      await closed();
    },
  };
}
