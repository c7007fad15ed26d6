/** One WebSocket from its opening to its end: frames to events, heartbeats, and the verdict that it is dead. */
import type { EventOf, ServerEvent } from '../../shared/contract/websocket/events.ts';
import type { Clock, Random, WebSocketConstructor, WebSocketLike } from '../system.ts';

export interface SocketHandlers {
  opened(): void;
  event(event: ServerEvent): void;
  /** Told once; nothing comes after it. */
  ended(end: SocketEnd): void;
}

export interface SocketEnd {
  /** Whether it had been open at all. */
  wasOpen: boolean;
  /** The server's own last word, when it had one. */
  close: EventOf<'close'> | undefined;
}

export interface SocketOptions {
  url: string;
  ticket: string;
  WebSocket: WebSocketConstructor;
  clock: Clock;
  random: Random;
  handlers: SocketHandlers;
}

const openingMs = 20_000;
/** How long a `pong` may take: longer than a function that starts from nothing. */
const pongMs = 10_000;
/** Until the server says otherwise. */
const firstHeartbeatSeconds = 60;
const openState = 1;

export class ChatSocket {
  private readonly options: SocketOptions;
  private readonly socket: WebSocketLike;
  private wasOpen = false;
  private isOver = false;
  private close: EventOf<'close'> | undefined;
  private heartbeatSeconds = firstHeartbeatSeconds;
  private cancelHeartbeat: () => void;
  private cancelVerdict: (() => void) | undefined;

  constructor(options: SocketOptions) {
    const { url, ticket, WebSocket, clock } = options;
    this.options = options;
    this.socket = new WebSocket(url, ['chat.v1', `ticket.${ticket}`]);
    this.cancelHeartbeat = clock.after(openingMs, () => this.end());
    this.socket.addEventListener('open', () => {
      if (this.isOver) return;
      this.wasOpen = true;
      this.beat();
      options.handlers.opened();
    });
    this.socket.addEventListener('message', ({ data }) => {
      if (!this.isOver) this.receive(String(data));
    });
    this.socket.addEventListener('close', () => this.end());
    // It says nothing that can be used, and `close` follows; unheard, it would end a Node process.
    this.socket.addEventListener('error', () => {});
  }

  /** False when the frame could not be sent, since the socket is not open. */
  send(frame: object): boolean {
    if (this.isOver || this.socket.readyState !== openState) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** Asks for a sign of life now; without one the socket is given up. */
  probe(): void {
    if (this.cancelVerdict !== undefined || !this.send({ type: 'ping' })) return;
    this.cancelVerdict = this.options.clock.after(pongMs, () => this.end());
  }

  /** Ends it from this side; `ended` is told at once, since a dead network would never tell. */
  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.cancelHeartbeat();
    this.cancelVerdict?.();
    this.socket.close();
    this.options.handlers.ended({ wasOpen: this.wasOpen, close: this.close });
  }

  private receive(data: string): void {
    for (const event of readEvents(data)) {
      if (this.isOver) return;
      if (event.type === 'close') this.close = event;
      if (event.type === 'ready') this.changeHeartbeat(event.heartbeat_seconds);
      if (event.type === 'pong') {
        this.cancelVerdict?.();
        this.cancelVerdict = undefined;
      }
      this.options.handlers.event(event);
    }
  }

  private changeHeartbeat(seconds: number): void {
    if (seconds === this.heartbeatSeconds) return;
    this.heartbeatSeconds = seconds;
    this.beat();
  }

  /** A little earlier than asked for, and not all clients at once. */
  private beat(): void {
    const { clock, random } = this.options;
    this.cancelHeartbeat();
    const delayMs = this.heartbeatSeconds * 1_000 * (0.75 + 0.2 * random());
    this.cancelHeartbeat = clock.after(delayMs, () => {
      this.probe();
      this.beat();
    });
  }
}

/** One event or an array of them; what is neither (the gateway's own words, say) tells nothing. */
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
