/**
 * The client's one connection: opens a socket with a ticket, and another one when it ends, after a pause that follows
 * from the server's `close` frame and the failures so far. It knows nothing of rooms.
 */
import { unauthorizedFrameCode } from '../../../shared/contract/wire-constants.ts';
import type { Command } from '../contract/commands.ts';
import type { ServerEvent } from '../contract/events.ts';
import { describe } from '../event-log.ts';
import { isDeviceOffline } from '../network.ts';
import { asProblem, type ChatProblem, hostOf } from '../problem.ts';
import * as problems from '../problems.ts';
import { backOff } from '../system.ts';
import { ChatSocket, type SocketEnd } from './chat-socket.ts';
import { CommandAnswers, type AnswerHandler } from './command-answers.ts';
import type { ConnectionPorts, Phase } from './connection-ports.ts';
import { TokenRenewal } from './token-renewal.ts';

const firstPauseMs = 500;
const maxPauseMs = 30_000;
/** A socket that lived for less than this counts as a failure, so that the pauses between such sockets grow. */
const stableMs = 5_000;
/** An attempt that takes longer probably hangs in a dead network, even if the functions it waits for start cold. */
const slowAttemptMs = 5_000;
/** An attempt that takes longer is shown as a problem. */
const slowReportMs = 10_000;
/** How long a `pong` may take when the browser says that the device is offline. Servers on the same device answer. */
const offlinePongTimeoutMs = 3_000;

export class Connection {
  phase: Phase = 'stopped';
  /** Why the last attempt failed, or why there will be no other. */
  problem: ChatProblem | undefined;
  readonly #ports: ConnectionPorts;
  readonly #host: string;
  readonly #answers = new CommandAnswers();
  readonly #renewal: TokenRenewal;
  #socket: ChatSocket | undefined;
  /** Cancels the next attempt in the phase `paused`, and the replacement of a slow attempt in the phase `opening`. */
  #cancelTimer: (() => void) | undefined;
  /** Cancels the report that an attempt is slow. */
  #cancelSlowReport: (() => void) | undefined;
  /** Failed attempts since the last stable socket. */
  #failures = 0;
  /** Identifies the current attempt, so that the results of earlier ones are ignored. */
  #attempt = 0;
  #attemptStartedAtMs = 0;
  #openedAtMs = 0;

  constructor(ports: ConnectionPorts) {
    this.#ports = ports;
    this.#host = hostOf(ports.url);
    const { session, clock } = ports;
    this.#renewal = new TokenRenewal({
      session,
      clock,
      isOpen: () => this.phase === 'open',
      sendToken: (token) => this.send({ type: 'auth', token }),
    });
  }

  start(): void {
    if (this.phase !== 'stopped') return;
    // The problem that stopped the connection is over, or the next attempt reports it again.
    this.problem = undefined;
    void this.#open();
  }

  /** Ends the socket, and opens no other until `start`. */
  stop(problem?: ChatProblem): void {
    this.#attempt += 1;
    this.#cancelTimer?.();
    this.#failures = 0;
    this.#endSocketQuietly();
    this.#cleanUpAfterSocket(true);
    this.#enter('stopped', problem);
  }

  /**
   * Follows a hint that the network is back or that the user looks at the page: skips the pause before the next
   * attempt, replaces an attempt that hangs, and checks whether an open socket still lives.
   */
  reconnectNow(): void {
    if (this.phase === 'paused') void this.#open();
    else if (this.phase === 'open') this.#socket?.probe();
    else if (this.phase === 'opening') {
      const ageMs = this.#ports.clock.now() - this.#attemptStartedAtMs;
      this.#cancelTimer?.();
      this.#cancelTimer = this.#ports.clock.after(Math.max(0, slowAttemptMs - ageMs), () => this.#openAnew());
    }
  }

  /** The browser says that the device is offline: shows it at once, or as soon as an open socket fails to answer. */
  networkLost(): void {
    if (this.phase === 'open') this.#socket?.probe(offlinePongTimeoutMs);
    else if (this.phase !== 'stopped') this.#enter(this.phase, problems.offline());
  }

  /** Ends the socket from this side. Another one is opened after the usual pause. */
  abandon(): void {
    this.#socket?.end();
  }

  /** Asks the server for a `pong`, and ends the socket when none comes in time. */
  probe(): void {
    this.#socket?.probe();
  }

  /**
   * Sends a command. Returns false when no socket is open.
   *
   * @param onAnswer receives every answer to this command until its socket ends
   */
  send(command: Command, onAnswer?: AnswerHandler): boolean {
    const ref = this.#answers.nextRef();
    if (this.phase !== 'open' || this.#socket?.send({ ...command, ref }) !== true) return false;
    if (onAnswer !== undefined) this.#answers.expect(ref, onAnswer);
    return true;
  }

  async #open(): Promise<void> {
    const attempt = this.#startAttempt(this.problem);
    try {
      const { openSocket, clock, random, log } = this.#ports;
      const opened = await openSocket(() => attempt === this.#attempt);
      if (attempt !== this.#attempt) {
        opened?.close();
        return;
      }
      if (opened === undefined) return;
      const socket: ChatSocket = new ChatSocket({
        socket: opened,
        clock,
        random,
        log,
        handlers: {
          opened: () => this.#opened(),
          event: (event) => this.#receive(event),
          ended: (end) => {
            if (this.#socket === socket) void this.#ended(end);
          },
        },
      });
      this.#socket = socket;
    } catch (error) {
      if (attempt === this.#attempt) this.#failed(asProblem(error));
    }
  }

  /** Replaces an attempt that hangs, and the renewal that it may be waiting for. */
  #openAnew(): void {
    if (this.phase !== 'opening') return;
    this.#endSocketQuietly();
    this.#ports.session.repeatRenewal();
    void this.#open();
  }

  #startAttempt(problem: ChatProblem | undefined): number {
    this.#attempt += 1;
    this.#attemptStartedAtMs = this.#ports.clock.now();
    this.#cancelTimer?.();
    const attempt = this.#attempt;
    this.#enter('opening', problem);
    this.#cancelSlowReport = this.#ports.clock.after(slowReportMs, () => {
      if (this.phase === 'opening') this.#enter('opening', problems.slow(this.#host));
    });
    return attempt;
  }

  #opened(): void {
    this.#cancelTimer?.();
    this.#enter('open', undefined);
    this.#openedAtMs = this.#ports.clock.now();
    this.#renewal.socketOpened();
    this.#ports.handlers.opened();
  }

  #receive(event: ServerEvent): void {
    if (event.type === 'error' && event.name === 'unauthorized') void this.#renewal.renewRefused();
    // The ticket of this socket was made for another user, so nothing may be sent on it.
    if (event.type === 'ready' && event.user.id !== this.#ports.session.user?.id) {
      this.abandon();
      return;
    }
    this.#answers.receive(event);
    this.#ports.handlers.event(event);
  }

  async #ended({ wasOpen, close, wasSilent }: SocketEnd): Promise<void> {
    this.#socket = undefined;
    this.#ports.log('info', 'connection.lost', { wasOpen, wasSilent, closeCode: close?.code });
    this.#cleanUpAfterSocket(close?.resume ?? true);
    if (!wasOpen) {
      this.#failed(problems.noWebSocket(this.#host));
      return;
    }
    const wasStable = this.#ports.clock.now() - this.#openedAtMs >= stableMs;
    this.#failures = wasStable ? 0 : this.#failures + 1;
    if (close?.code === unauthorizedFrameCode) {
      // Either the token or the whole session has ended. Renewing the token shows which.
      const attempt = this.#startAttempt(undefined);
      await this.#renewal.renewRefused();
      if (attempt === this.#attempt) this.#pause(0);
      return;
    }
    if (close !== undefined && !close.reconnect) {
      this.stop(problems.connectionClosed(close.code, close.reason));
      return;
    }
    this.#pause(0, wasSilent ? problems.silent(this.#host) : undefined);
  }

  #failed(problem: ChatProblem): void {
    if (problem.code === 'signed_out') {
      this.stop(problem);
      return;
    }
    this.#failures += 1;
    this.#pause(problem.retryAfterMs ?? 0, problem);
  }

  #pause(minDelayMs: number, problem?: ChatProblem): void {
    const { clock, random } = this.#ports;
    const pauseMs = backOff(this.#failures, { firstMs: firstPauseMs, maxMs: maxPauseMs, random });
    const delayMs = Math.max(minDelayMs, pauseMs);
    this.#attempt += 1;
    this.#enter('paused', problem && problems.withPause(problem, delayMs));
    this.#cancelTimer?.();
    this.#cancelTimer = clock.after(delayMs, () => void this.#open());
  }

  /** Ends the socket without starting the next attempt. */
  #endSocketQuietly(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.end();
  }

  #cleanUpAfterSocket(canResume: boolean): void {
    this.#renewal.socketEnded();
    this.#answers.clear();
    if (this.phase === 'open') this.#ports.handlers.lost(canResume);
  }

  #enter(phase: Phase, problem: ChatProblem | undefined): void {
    this.phase = phase;
    this.problem = problem?.code === 'unreachable' && isDeviceOffline() ? problems.offline() : problem;
    this.#cancelSlowReport?.();
    const isFinal = phase === 'stopped' && problem !== undefined && problem.code !== 'signed_out';
    const level = isFinal ? 'error' : problem === undefined ? 'info' : 'warn';
    this.#ports.log(level, `connection.${phase}`, describe(this.problem));
    this.#ports.handlers.changed();
  }
}
