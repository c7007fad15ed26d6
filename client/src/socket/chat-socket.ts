/** One WebSocket from its opening to its end: parses its frames, sends heartbeats, and detects that it is dead. */
import type { EventOf, ServerEvent } from '../contract/events.ts';
import type { Log } from '../event-log.ts';
import { isPageVisible } from '../network.ts';
import type { Clock, Random, WebSocketLike } from '../system.ts';
import { logFrame } from './describe-frame.ts';

export interface SocketHandlers {
  opened(): void;
  event(event: ServerEvent): void;
  /** Called once, after all other handlers. */
  ended(end: SocketEnd): void;
}

export interface SocketEnd {
  /** Whether the handshake had succeeded. */
  wasOpen: boolean;
  /** The server's `close` frame, if it sent one. */
  close: EventOf<'close'> | undefined;
  /** Whether a `ping` was not answered in time. */
  wasSilent: boolean;
}

export interface SocketOptions {
  socket: WebSocketLike;
  clock: Clock;
  random: Random;
  log: Log;
  handlers: SocketHandlers;
}

const openingTimeoutMs = 20_000;
/** How long a `pong` may take: longer than a cold start of the function that answers. */
const pongTimeoutMs = 10_000;
/** Used until `ready` brings the server's interval. */
const defaultHeartbeatSeconds = 60;
/**
 * A user who looks at the page learns within this time, and that of a `pong`, that nothing arrives any more. The server's
 * interval is longer, since each `ping` has a price.
 */
const maxQuietMs = 60_000;
/** `WebSocket.OPEN` */
const openState = 1;

export class ChatSocket {
  readonly #options: SocketOptions;
  readonly #socket: WebSocketLike;
  #wasOpen = false;
  #hasEnded = false;
  #close: EventOf<'close'> | undefined;
  #heartbeatSeconds = defaultHeartbeatSeconds;
  #cancelHeartbeat: () => void;
  #cancelQuietCheck = (): void => {};
  #pongTimeout: { dueMs: number; cancel: () => void } | undefined;
  #receivedAtMs: number;

  constructor(options: SocketOptions) {
    const { socket, clock } = options;
    this.#options = options;
    this.#receivedAtMs = clock.now();
    this.#socket = socket;
    this.#cancelHeartbeat = clock.after(openingTimeoutMs, () => this.end());
    this.#socket.addEventListener('open', () => {
      if (this.#hasEnded) return;
      this.#wasOpen = true;
      this.#scheduleHeartbeat();
      this.#scheduleQuietCheck();
      options.handlers.opened();
    });
    this.#socket.addEventListener('message', ({ data }) => {
      if (!this.#hasEnded) this.#receive(String(data));
    });
    this.#socket.addEventListener('close', () => this.end());
    // `close` follows and is enough. Without a listener, the `ws` package would throw the error.
    this.#socket.addEventListener('error', () => {});
  }

  /** Sends a frame. Returns false when the socket is not open. */
  send(frame: { type: string; ref?: string }): boolean {
    if (this.#hasEnded || this.#socket.readyState !== openState) return false;
    this.#socket.send(JSON.stringify(frame));
    logFrame(this.#options.log, 'command.sent', frame);
    return true;
  }

  /** Sends a `ping` unless one waits for its answer, and ends the socket when no `pong` comes in time. */
  probe(timeoutMs = pongTimeoutMs): void {
    const { clock } = this.#options;
    if (this.#pongTimeout === undefined && !this.send({ type: 'ping' })) return;
    const dueMs = clock.now() + timeoutMs;
    if (this.#pongTimeout !== undefined && this.#pongTimeout.dueMs <= dueMs) return;
    this.#pongTimeout?.cancel();
    this.#pongTimeout = { dueMs, cancel: clock.after(timeoutMs, () => this.end({ wasSilent: true })) };
  }

  /** Ends the socket from this side. Calls `ended` at once: on a dead network, the `close` event would not come. */
  end({ wasSilent = false } = {}): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#cancelHeartbeat();
    this.#cancelQuietCheck();
    this.#pongTimeout?.cancel();
    this.#socket.close();
    this.#options.handlers.ended({ wasOpen: this.#wasOpen, close: this.#close, wasSilent });
  }

  #receive(data: string): void {
    this.#receivedAtMs = this.#options.clock.now();
    for (const event of readEvents(data)) {
      if (this.#hasEnded) return;
      logFrame(this.#options.log, 'answer.received', event);
      if (event.type === 'close') this.#close = event;
      if (event.type === 'ready') this.#changeHeartbeat(event.heartbeat_seconds);
      if (event.type === 'pong') {
        this.#pongTimeout?.cancel();
        this.#pongTimeout = undefined;
        // One `ping` serves all tabs that share the socket.
        this.#scheduleHeartbeat();
      }
      this.#options.handlers.event(event);
    }
  }

  #changeHeartbeat(seconds: number): void {
    if (seconds === this.#heartbeatSeconds) return;
    this.#heartbeatSeconds = seconds;
    this.#scheduleHeartbeat();
  }

  /** Schedules the next `ping`: earlier than the interval requires, and spread over all clients. */
  #scheduleHeartbeat(): void {
    const { clock, random } = this.#options;
    this.#cancelHeartbeat();
    const delayMs = this.#heartbeatSeconds * 1_000 * (0.75 + 0.2 * random());
    this.#cancelHeartbeat = clock.after(delayMs, () => {
      this.probe();
      this.#scheduleHeartbeat();
    });
  }

  /** Sends a `ping` when nothing has arrived for a while and the user looks at the page. */
  #scheduleQuietCheck(): void {
    const { clock } = this.#options;
    const quietMs = clock.now() - this.#receivedAtMs;
    this.#cancelQuietCheck = clock.after(quietMs < maxQuietMs ? maxQuietMs - quietMs : maxQuietMs, () => {
      if (isPageVisible() && clock.now() - this.#receivedAtMs >= maxQuietMs) this.probe();
      this.#scheduleQuietCheck();
    });
  }
}

/**
 * Parses a frame with one event or an array of events. Ignores other frames, such as the gateway's own error messages.
 */
function readEvents(data: string): ServerEvent[] {
  try {
    const parsed = JSON.parse(data) as unknown;
    return (Array.isArray(parsed) ? parsed : [parsed]).filter(isEvent);
  } catch {
    return [];
  }
}

function isEvent(value: unknown): value is ServerEvent {
  return (
    typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
  );
}
