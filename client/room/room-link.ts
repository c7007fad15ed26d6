/**
 * Whether a room is open on the present socket. The gateway keeps no order between two frames, so a room's joins and
 * leaves follow one another: each waits for the answer to the one before it, and what is no longer wanted is undone.
 */
import type { EventOf } from '../../shared/contract/websocket/events.ts';
import { ChatProblem } from '../problem.ts';
import type { HistoryRequest } from '../room-log.ts';
import type { Answer } from '../socket/command-answers.ts';
import { backOff } from '../system.ts';
import type { Channel } from './channel.ts';

export interface LinkPorts extends Channel {
  address(): { room: string } | { room_id: string };
  roomId(): string | undefined;
  /** Whether anybody wants the room to be open. */
  isWanted(): boolean;
  /**
   * Whether it may move now. A join by name may turn out to be of any room, so no leave is under way at the same time.
   */
  mayJoin(): boolean;
  mayLeave(): boolean;
  /** An answer came: others that waited for it may move. */
  moved(): void;
  /** What the join is to bring. */
  welcomeRequest(): HistoryRequest;
  joinSent(request: HistoryRequest): void;
  ready(event: EventOf<'ready'>): void;
  historyEnded(event: EventOf<'history_end'>): void;
  /** The room is not open any more, or about to be left: nothing that was asked about it is answered. */
  interrupted(): void;
  /** The room cannot be opened. */
  refused(problem: ChatProblem): void;
  /** It is not open any more, and emptyPresence wants it to be. */
  closed(): void;
}

/** No function lives longer, so an answer that takes longer is lost. */
const answerMs = 20_000;
/** A join that brought no answer on so many sockets is given up. */
const maxTimeouts = 3;
const firstPauseMs = 250;
const maxPauseMs = 5_000;

type Place = 'out' | 'joining' | 'in' | 'leaving';

export class RoomLink {
  private readonly ports: LinkPorts;
  private place: Place = 'out';
  private hasSocket = false;
  private mustRejoin = false;
  private failures = 0;
  private timeouts = 0;
  private cancelDeadline: (() => void) | undefined;
  private cancelRetry: (() => void) | undefined;
  /** Answers to earlier commands are those of earlier numbers. */
  private command = 0;

  constructor(ports: LinkPorts) {
    this.ports = ports;
  }

  /** The room is open on this socket: `ready` said so. */
  get isIn(): boolean {
    return this.place === 'in';
  }

  /** Nothing has been sent on this socket that could still open the room. */
  get isOut(): boolean {
    return this.place === 'out';
  }

  get isJoining(): boolean {
    return this.place === 'joining';
  }

  get isLeaving(): boolean {
    return this.place === 'leaving';
  }

  /** There is a socket that the room may be opened on. */
  attach(): void {
    this.hasSocket = true;
  }

  /** The socket has gone, and every room on it. */
  lost(): void {
    this.hasSocket = false;
    this.failures = 0;
    this.enter('out');
  }

  /** Opens the room once more on the same socket: the server does not think that it is open. */
  rejoin(): void {
    if (this.place === 'in') this.enter('out');
    else this.mustRejoin = true;
    this.adjust();
  }

  /** Brings the room to where it is wanted, as far as no answer is awaited. */
  adjust(): void {
    const { ports } = this;
    if (this.place === 'in' && this.mustRejoin) this.enter('out');
    if (this.place === 'out' && !ports.isWanted()) {
      this.stopRetry();
      ports.closed();
    } else if (!this.hasSocket || this.cancelRetry !== undefined) return;
    else if (this.place === 'out' && ports.mayJoin()) this.join();
    else if (this.place === 'in' && !ports.isWanted() && ports.mayLeave()) this.leave();
  }

  private join(): void {
    const { ports } = this;
    const request = ports.welcomeRequest();
    const after = request.kind === 'after' ? { after: request.after } : {};
    const command = { type: 'join', ...ports.address(), history: request.limit, ...after } as const;
    if (!this.send(command, (answer) => this.joinAnswered(answer))) return;
    this.mustRejoin = false;
    this.place = 'joining';
    this.awaitAnswer(() => this.joinTimedOut());
    ports.joinSent(request);
  }

  private joinAnswered(answer: Answer): void {
    if (answer.type === 'ready') {
      this.enter('in');
      this.timeouts = 0;
      this.failures = 0;
      this.ports.ready(answer);
      this.ports.moved();
    } else if (answer.type === 'history_end') {
      if (this.place === 'in') this.ports.historyEnded(answer);
    } else if (answer.type === 'error') {
      const { problem } = answer;
      // An error may follow `ready`: then the server has closed the room again.
      this.enter('out');
      this.ports.interrupted();
      if (isPassing(problem)) this.retryAfter(problem.retryAfterMs ?? 0);
      else if (this.ports.isWanted()) this.ports.refused(problem);
      this.ports.moved();
    }
  }

  private joinTimedOut(): void {
    this.timeouts += 1;
    if (this.timeouts >= maxTimeouts && this.ports.isWanted()) {
      this.ports.refused(
        new ChatProblem({
          code: 'timed_out',
          detail: 'The server did not open the room in time',
          retryable: true,
        }),
      );
    }
    // Whatever that join comes to ends with the socket.
    this.ports.abandon();
  }

  private leave(): void {
    const roomId = this.ports.roomId();
    if (roomId === undefined) return;
    if (!this.send({ type: 'leave', room_id: roomId }, (answer) => this.leaveAnswered(answer))) return;
    this.place = 'leaving';
    this.ports.interrupted();
    this.awaitAnswer(() => this.ports.abandon());
  }

  private leaveAnswered(answer: Answer): void {
    if (answer.type === 'error' && isPassing(answer.problem)) {
      this.enter('in');
      this.retryAfter(answer.problem.retryAfterMs ?? 0);
    } else {
      this.enter('out');
    }
    this.ports.moved();
  }

  /** Answers to a command that is not the latest one of this room tell nothing any more. */
  private send(command: Parameters<LinkPorts['send']>[0], onAnswer: (answer: Answer) => void): boolean {
    this.command += 1;
    const number = this.command;
    return this.ports.send(command, (answer) => {
      if (number === this.command) onAnswer(answer);
    });
  }

  private awaitAnswer(onTimeout: () => void): void {
    this.cancelDeadline?.();
    this.cancelDeadline = this.ports.clock.after(answerMs, onTimeout);
  }

  private enter(place: Place): void {
    this.place = place;
    this.cancelDeadline?.();
    this.cancelDeadline = undefined;
    if (place === 'out') {
      this.command += 1;
      this.mustRejoin = false;
      this.stopRetry();
    }
  }

  private retryAfter(atLeastMs: number): void {
    const { clock, random } = this.ports;
    this.failures += 1;
    const pauseMs = backOff(this.failures, { firstMs: firstPauseMs, maxMs: maxPauseMs, random });
    this.cancelRetry?.();
    this.cancelRetry = clock.after(Math.max(atLeastMs, pauseMs), () => {
      this.cancelRetry = undefined;
      this.adjust();
    });
  }

  private stopRetry(): void {
    this.cancelRetry?.();
    this.cancelRetry = undefined;
  }
}

/** Worth another try: the server says so, or the token has ended and is being renewed. */
export function isPassing(problem: ChatProblem): boolean {
  return problem.retryable || problem.code === 'unauthorized';
}
