/**
 * The client's one connection: a socket opened with a ticket, and another one when it ends, as the server's last
 * frame and the failures so far advise. It knows nothing of rooms.
 */
import type { Command } from '../../shared/contract/websocket/commands.ts';
import type { EventOf, ServerEvent } from '../../shared/contract/websocket/events.ts';
import { asProblem, ChatProblem, problemOfFrame } from '../problem.ts';
import type { Session } from '../session/session.ts';
import { backOff, type Clock, type Random, type WebSocketConstructor } from '../system.ts';
import { ChatSocket, type SocketEnd } from './chat-socket.ts';

/** `paused`: nothing is open, and the next attempt has its time; `stopped`: there will be none by itself. */
export type Phase = 'stopped' | 'opening' | 'open' | 'paused';

/** What a command gets back: an event that carries its `ref`, or the problem of an `error` frame. */
export type Answer =
  EventOf<'ready'> | EventOf<'history_end'> | EventOf<'left'> | { type: 'error'; problem: ChatProblem };

export interface ConnectionPorts {
  url: string;
  WebSocket: WebSocketConstructor;
  session: Session;
  clock: Clock;
  random: Random;
  /** Rejects with a `ChatProblem`. */
  createTicket(): Promise<string>;
  handlers: ConnectionHandlers;
}

export interface ConnectionHandlers {
  opened(): void;
  event(event: ServerEvent): void;
  /** `resume`: whether what was seen still counts. */
  lost(resume: boolean): void;
  changed(): void;
}

const firstPauseMs = 500;
const maxPauseMs = 30_000;
const maxTimerMs = 3_600_000;
const renewAgainMs = 5_000;
const stableMs = 5_000;

export class Connection {
  phase: Phase = 'stopped';
  /** Attempts that failed since the last one that did not. */
  failures = 0;
  /** Why the last attempt failed, or why there will be no other. */
  problem: ChatProblem | undefined;
  private readonly ports: ConnectionPorts;
  private socket: ChatSocket | undefined;
  private cancelTimer: (() => void) | undefined;
  private cancelRenewal: (() => void) | undefined;
  private attempt = 0;
  private lastRef = 0;
  private openedAt = 0;
  /** When a renewal was forced last, and the token that the server was given last on this socket. */
  private forcedAt = Number.NEGATIVE_INFINITY;
  private presented: string | undefined;
  /** Who waits for the answer to a command, by its `ref`. */
  private readonly waiting = new Map<string, (answer: Answer) => void>();

  constructor(ports: ConnectionPorts) {
    this.ports = ports;
    ports.session.renewed.add((token) => this.present(token));
  }

  start(): void {
    if (this.phase === 'stopped') void this.open();
  }

  /** Ends the socket, and opens no other until `start`. */
  stop(problem?: ChatProblem): void {
    this.attempt += 1;
    this.cancelTimer?.();
    this.failures = 0;
    const { socket } = this;
    this.socket = undefined;
    socket?.end();
    this.drop(true);
    this.enter('stopped', problem);
  }

  /** The network is back, or somebody looks again: no need to wait, nor to trust a silent socket. */
  hurry(): void {
    if (this.phase === 'paused') void this.open();
    if (this.phase === 'open') this.socket?.probe();
  }

  /** Gives the present socket up, and opens another one. */
  abandon(): void {
    this.socket?.end();
  }

  probe(): void {
    this.socket?.probe();
  }

  /** False when nothing is open. `onAnswer` gets every answer to this very command, and none after the socket ended. */
  send(command: Command, onAnswer?: (answer: Answer) => void): boolean {
    const ref = `r${(this.lastRef += 1)}`;
    if (this.phase !== 'open' || this.socket?.send({ ...command, ref }) !== true) return false;
    if (onAnswer !== undefined) this.waiting.set(ref, onAnswer);
    return true;
  }

  private async open(): Promise<void> {
    const attempt = (this.attempt += 1);
    this.cancelTimer?.();
    this.enter('opening', this.problem);
    try {
      const ticket = await this.ports.createTicket();
      if (attempt !== this.attempt) return;
      const { url, WebSocket, clock, random } = this.ports;
      const socket: ChatSocket = new ChatSocket({
        url,
        ticket,
        WebSocket,
        clock,
        random,
        handlers: {
          opened: () => this.opened(),
          event: (event) => this.receive(event),
          ended: (end) => {
            if (this.socket === socket) void this.ended(end);
          },
        },
      });
      this.socket = socket;
    } catch (error) {
      if (attempt === this.attempt) this.failed(asProblem(error));
    }
  }

  private opened(): void {
    this.enter('open', undefined);
    this.openedAt = this.ports.clock.now();
    this.presented = undefined;
    void this.scheduleRenewal();
    this.ports.handlers.opened();
  }

  private receive(event: ServerEvent): void {
    if (event.type === 'error' && event.name === 'unauthorized') void this.renew(true);
    // A ticket that was made for another user opened this socket: nothing may be written on it.
    if (event.type === 'ready' && event.user.id !== this.ports.session.user?.id) {
      this.abandon();
      return;
    }
    if ('ref' in event && event.ref !== undefined) this.answer(event.ref, event);
    this.ports.handlers.event(event);
  }

  private answer(ref: string, event: ServerEvent): void {
    const onAnswer = this.waiting.get(ref);
    if (event.type === 'ready') onAnswer?.(event);
    // Nothing follows these.
    else if (event.type === 'history_end' || event.type === 'left' || event.type === 'error') {
      this.waiting.delete(ref);
      onAnswer?.(event.type === 'error' ? { type: 'error', problem: problemOfFrame(event) } : event);
    }
  }

  private async ended({ wasOpen, close }: SocketEnd): Promise<void> {
    this.socket = undefined;
    this.drop(close?.resume ?? true);
    if (!wasOpen) {
      this.failed(
        new ChatProblem({ code: 'unreachable', detail: 'The socket was refused', retryable: true }),
      );
      return;
    }
    // A socket that ends as soon as it opens is a failure too, or it would be opened without end.
    const wasStable = this.ports.clock.now() - this.openedAt >= stableMs;
    this.failures = wasStable ? 0 : this.failures + 1;
    if (close?.code === 4001) {
      // The token has ended, or the session has: only the server can say which.
      const attempt = (this.attempt += 1);
      this.enter('opening', undefined);
      await this.renew(true);
      if (attempt === this.attempt) this.pause(0);
      return;
    }
    if (close !== undefined && !close.reconnect) {
      this.stop(new ChatProblem({ code: 'closed', status: close.code, detail: close.reason }));
      return;
    }
    this.pause(0);
  }

  private failed(problem: ChatProblem): void {
    if (problem.code === 'signed_out') {
      this.stop(problem);
      return;
    }
    this.problem = problem;
    this.failures += 1;
    this.pause(problem.retryAfterMs ?? 0);
  }

  private pause(atLeastMs: number): void {
    const { clock, random } = this.ports;
    const delayMs = backOff(this.failures, { firstMs: firstPauseMs, maxMs: maxPauseMs, random });
    this.attempt += 1;
    this.enter('paused', this.problem);
    this.cancelTimer?.();
    this.cancelTimer = clock.after(Math.max(atLeastMs, delayMs), () => void this.open());
  }

  private drop(resume: boolean): void {
    this.cancelRenewal?.();
    this.waiting.clear();
    if (this.phase === 'open') this.ports.handlers.lost(resume);
  }

  private enter(phase: Phase, problem: ChatProblem | undefined): void {
    this.phase = phase;
    this.problem = problem;
    this.ports.handlers.changed();
  }

  /** A fresh token goes to the server before the old one ends, over whatever is open then. */
  private async scheduleRenewal(atLeastMs = 0): Promise<void> {
    const delayMs = await this.ports.session.renewalDelayMs();
    this.cancelRenewal?.();
    if (delayMs === undefined || this.phase !== 'open') return;
    const isDue = delayMs <= maxTimerMs;
    this.cancelRenewal = this.ports.clock.after(
      Math.max(atLeastMs, Math.min(delayMs, maxTimerMs)),
      () => void (isDue ? this.renew(false) : this.scheduleRenewal()),
    );
  }

  /** Never rejects: a session that is over says so itself, and what cannot be reached is tried again. */
  private async renew(wasRefused: boolean): Promise<void> {
    const { session, clock } = this.ports;
    // One refusal is told by every command that was under way.
    if (wasRefused && clock.now() - this.forcedAt < renewAgainMs) return;
    if (wasRefused) this.forcedAt = clock.now();
    try {
      this.present(await (wasRefused ? session.renewNow() : session.access()));
    } catch (error) {
      if (asProblem(error).code !== 'signed_out') void this.scheduleRenewal(renewAgainMs);
    }
  }

  private present(token: string): void {
    if (token !== this.presented && this.send({ type: 'auth', token })) this.presented = token;
    void this.scheduleRenewal();
  }
}
