/**
 * Joins and leaves a room on the current socket. The gateway keeps no order between two frames, so each join or leave
 * waits for the answer to the one before it, and is undone after its answer if it is no longer needed.
 */
import type { EventOf } from '../contract/events.ts';
import type { ChatProblem } from '../problem.ts';
import * as problems from '../problems.ts';
import type { HistoryRequest } from '../room-log.ts';
import type { Answer, AnswerHandler } from '../socket/command-answers.ts';
import { backOff } from '../system.ts';
import type { Channel } from './channel.ts';

export interface LinkPorts extends Channel {
  /** Returns the field by which the join identifies the room. */
  address(): { room: string; create?: boolean } | { room_id: string };
  roomId(): string | undefined;
  /** Whether the room has to be open. */
  shouldBeOpen(): boolean;
  /** False while another room waits for its answer: a join by name may lead to the very room that is being left. */
  mayJoin(): boolean;
  mayLeave(): boolean;
  /** A join or leave was answered, so other rooms that waited for it may proceed. */
  answered(): void;
  /** Returns the history that the join requests. */
  welcomeRequest(): HistoryRequest;
  joinSent(request: HistoryRequest): void;
  ready(event: EventOf<'ready'>): void;
  historyEnded(event: EventOf<'history_end'>): void;
  /** The room is not open any more, or is about to be left: requests about it will not be answered. */
  interrupted(): void;
  /** The server refuses to open the room. */
  refused(problem: ChatProblem): void;
  /** The room is not open, and does not have to be. */
  left(): void;
}

/** Longer than the timeout of the function that answers. */
const answerTimeoutMs = 20_000;
/** A leave is repeated once when it is not answered in this time, since the socket serves other rooms as well. */
const leaveTimeoutMs = 10_000;
/** A join fails when it was not answered on this many sockets in a row. */
const maxTimeouts = 3;
const firstPauseMs = 250;
const maxPauseMs = 5_000;

type LinkState = 'idle' | 'joining' | 'joined' | 'leaving';

export class RoomLink {
  readonly #ports: LinkPorts;
  #state: LinkState = 'idle';
  #hasSocket = false;
  #mustRejoin = false;
  #failures = 0;
  #timeouts = 0;
  #hasRepeatedLeave = false;
  #cancelDeadline: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;
  /** The number of the latest command: answers to earlier ones are ignored. */
  #lastCommand = 0;

  constructor(ports: LinkPorts) {
    this.#ports = ports;
  }

  /** The server has confirmed that the room is open on this socket. */
  get isJoined(): boolean {
    return this.#state === 'joined';
  }

  /** No command has been sent on this socket that could still open the room. */
  get isIdle(): boolean {
    return this.#state === 'idle';
  }

  get isJoining(): boolean {
    return this.#state === 'joining';
  }

  get isLeaving(): boolean {
    return this.#state === 'leaving';
  }

  /** A socket is open that the room may be joined on. */
  attach(): void {
    this.#hasSocket = true;
  }

  /** The socket has ended, and with it all rooms that were open on it. */
  socketLost(): void {
    this.#hasSocket = false;
    this.#failures = 0;
    this.#hasRepeatedLeave = false;
    this.#enter('idle');
  }

  /** Joins the room again on the same socket, because the server may not have it open there any more. */
  rejoin(): void {
    if (this.#state === 'joined') this.#enter('idle');
    else this.#mustRejoin = true;
    this.adjust();
  }

  /** Joins or leaves the room if that is needed and no answer is pending. */
  adjust(): void {
    const ports = this.#ports;
    if (this.#state === 'joined' && this.#mustRejoin) this.#enter('idle');
    if (this.#state === 'idle' && !ports.shouldBeOpen()) {
      this.#stopRetry();
      ports.left();
    } else if (!this.#hasSocket || this.#cancelRetry !== undefined) return;
    else if (this.#state === 'idle' && ports.mayJoin()) this.#join();
    else if (this.#state === 'joined' && !ports.shouldBeOpen() && ports.mayLeave()) this.#leave();
  }

  #join(): void {
    const ports = this.#ports;
    const request = ports.welcomeRequest();
    const after = request.kind === 'after' ? { after: request.after } : {};
    const command = { type: 'join', ...ports.address(), history: request.limit, ...after } as const;
    if (!this.#send(command, (answer) => this.#joinAnswered(answer))) return;
    this.#mustRejoin = false;
    this.#state = 'joining';
    this.#awaitAnswer(() => this.#joinTimedOut());
    ports.joinSent(request);
  }

  #joinAnswered(answer: Answer): void {
    if (answer.type === 'ready') {
      this.#enter('joined');
      this.#timeouts = 0;
      this.#failures = 0;
      this.#hasRepeatedLeave = false;
      this.#ports.ready(answer);
      this.#ports.answered();
    } else if (answer.type === 'history_end') {
      if (this.#state === 'joined') this.#ports.historyEnded(answer);
    } else if (answer.type === 'error') {
      const { problem } = answer;
      // An error may follow `ready`, when the server has closed the room again.
      this.#enter('idle');
      this.#ports.interrupted();
      if (isTransient(problem)) this.#retryAfter(problem.retryAfterMs ?? 0);
      else if (this.#ports.shouldBeOpen()) this.#ports.refused(problem);
      this.#ports.answered();
    }
  }

  #joinTimedOut(): void {
    this.#timeouts += 1;
    if (this.#timeouts >= maxTimeouts && this.#ports.shouldBeOpen()) {
      this.#ports.refused(problems.timedOut());
    }
    // A late success of the join ends with the socket.
    this.#ports.abandon();
  }

  #leave(): void {
    const roomId = this.#ports.roomId();
    if (roomId === undefined) return;
    if (!this.#send({ type: 'leave', room_id: roomId }, (answer) => this.#leaveAnswered(answer))) return;
    this.#state = 'leaving';
    this.#ports.interrupted();
    this.#awaitAnswer(() => this.#leaveTimedOut(), leaveTimeoutMs);
  }

  /**
   * Leaves again, or joins if the room is needed by now: the server applies a join and a leave in the order in which the
   * gateway received them, even if it answers them late.
   */
  #leaveTimedOut(): void {
    if (this.#hasRepeatedLeave) {
      this.#ports.abandon();
      return;
    }
    this.#hasRepeatedLeave = true;
    this.#enter(this.#ports.shouldBeOpen() ? 'idle' : 'joined');
    this.adjust();
  }

  #leaveAnswered(answer: Answer): void {
    this.#hasRepeatedLeave = false;
    if (answer.type === 'error' && isTransient(answer.problem)) {
      this.#enter('joined');
      this.#retryAfter(answer.problem.retryAfterMs ?? 0);
    } else {
      this.#enter('idle');
    }
    this.#ports.answered();
  }

  /** Ignores answers to commands that are not the room's latest one. */
  #send(command: Parameters<LinkPorts['send']>[0], onAnswer: AnswerHandler): boolean {
    this.#lastCommand += 1;
    const number = this.#lastCommand;
    return this.#ports.send(command, (answer) => {
      if (number === this.#lastCommand) onAnswer(answer);
    });
  }

  #awaitAnswer(onTimeout: () => void, timeoutMs = answerTimeoutMs): void {
    this.#cancelDeadline?.();
    this.#cancelDeadline = this.#ports.clock.after(timeoutMs, onTimeout);
  }

  #enter(state: LinkState): void {
    this.#state = state;
    this.#cancelDeadline?.();
    this.#cancelDeadline = undefined;
    if (state === 'idle') {
      this.#lastCommand += 1;
      this.#mustRejoin = false;
      this.#stopRetry();
    }
  }

  #retryAfter(minPauseMs: number): void {
    const { clock, random } = this.#ports;
    this.#failures += 1;
    const pauseMs = backOff(this.#failures, { firstMs: firstPauseMs, maxMs: maxPauseMs, random });
    this.#cancelRetry?.();
    this.#cancelRetry = clock.after(Math.max(minPauseMs, pauseMs), () => {
      this.#cancelRetry = undefined;
      this.adjust();
    });
  }

  #stopRetry(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
  }
}

/** Returns whether a retry may succeed: the server says so, or the token has ended and is being renewed. */
export function isTransient(problem: ChatProblem): boolean {
  return problem.retryable || problem.code === 'unauthorized';
}
