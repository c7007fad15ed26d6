/**
 * Keeps a room's log whole: asks for what is missing until it is there, and fetches older pages. One question at a
 * time, since the events of two answers would mix.
 */
import type { EventOf } from '../../shared/contract/websocket/events.ts';
import type { ChatProblem } from '../problem.ts';
import { applyHistoryEnd, missing, type HistoryRequest, type RoomLog } from '../room-log.ts';
import { backOff } from '../system.ts';
import type { Channel } from './channel.ts';
import { isPassing } from './room-link.ts';

export interface SyncPorts extends Channel {
  log(): RoomLog;
  change(log: RoomLog): void;
  /** Joins the room once more on this socket. */
  rejoin(): void;
  /** An answer came to its end: the room is open and as whole as the server could make it. */
  settled(): void;
}

const pageLimit = 50;
const catchUpLimit = 100;
/** Where posts fail often, a short answer comes to its end sooner than a long one. */
const minPage = 10;
const maxCaution = 4;
/** Beyond this, what was missed is not caught up with: the newest page is shown, and the rest is older history. */
const maxCatchUp = 1_000;
/** No function lives longer, so an answer that takes longer is lost. */
const answerMs = 20_000;
/** What was written a moment ago is probably on its way. */
const firstAskMs = 250;
const maxAskMs = 5_000;

interface Question {
  request: HistoryRequest;
  cancelDeadline: () => void;
}

export class RoomSync {
  private readonly ports: SyncPorts;
  private question: Question | undefined;
  private isOpen = false;
  private mustReopen = false;
  private failures = 0;
  /** How often the page is halved: one more for each answer that broke off, one less for each that ended. */
  private caution = 0;
  private askedFrom: number | undefined;
  private cancelRetry: (() => void) | undefined;
  private older: { resolve: () => void; reject: (problem: ChatProblem) => void }[] = [];

  constructor(ports: SyncPorts) {
    this.ports = ports;
  }

  /** Whether what comes now may be an answer's old story. */
  get isAsking(): boolean {
    return this.question !== undefined;
  }

  /** What a join is to bring: the newest page at first, what was missed later. */
  welcomeRequest(): HistoryRequest {
    const { frontier } = this.ports.log();
    return frontier === undefined
      ? { kind: 'newest', limit: this.page(pageLimit) }
      : { kind: 'after', after: frontier, limit: this.page(catchUpLimit) };
  }

  /** A join has been sent, and its history is awaited. */
  joinSent(request: HistoryRequest): void {
    this.isOpen = false;
    this.mustReopen = false;
    this.stopRetry();
    this.ask(request);
  }

  /** Opens the room again on the same socket, as soon as the answer that is awaited has come. */
  reopen(): void {
    if (this.question === undefined) this.ports.rejoin();
    else this.mustReopen = true;
  }

  /** The room is not open on the socket, or is being left: what was asked brings no answer. */
  interrupt(): void {
    this.isOpen = false;
    this.forget();
    this.stopRetry();
  }

  /** The socket has gone, and with it every answer that was awaited. */
  lost(): void {
    this.isOpen = false;
    if (this.question !== undefined) this.caution = Math.min(maxCaution, this.caution + 1);
    this.forget();
    this.stopRetry();
    this.failures = 0;
    this.askedFrom = undefined;
  }

  /** Nothing more will be asked. */
  close(problem: ChatProblem): void {
    this.lost();
    for (const { reject } of this.older.splice(0)) reject(problem);
  }

  historyEnded(event: EventOf<'history_end'>): void {
    const { question } = this;
    if (question === undefined) return;
    this.forget();
    this.caution = Math.max(0, this.caution - 1);
    this.isOpen = true;
    const before = this.ports.log();
    let log = applyHistoryEnd(before, question.request, event);
    const { frontier = 0, head } = log;
    const isFarBehind = question.request.kind === 'after' && event.has_more && head - frontier > maxCatchUp;
    if (isFarBehind) log = startAnew(log);
    this.ports.change(log);
    const { request } = question;
    // The server may have read enough before it came to an older message: then the next page is asked for.
    const isEmpty = log.hasOlder && log.floor < before.floor && !hasOlderThan(log, before.floor);
    if (request.kind === 'before' && !isEmpty) for (const { resolve } of this.older.splice(0)) resolve();
    if (request.kind === 'newest' && isEmpty) void this.loadOlder().catch(() => undefined);
    const hasMore = request.kind === 'after' && event.has_more && (log.frontier ?? 0) > request.after;
    if (this.mustReopen) this.ports.rejoin();
    else if (hasMore || log.frontier === undefined) this.askNow();
    this.ports.settled();
    this.check();
  }

  /** After any change of the log: asks for what is missing, soon at first, then less and less often. */
  check(): void {
    if (!this.isOpen || this.question !== undefined) return;
    const log = this.ports.log();
    if (this.older.length > 0 && log.frontier !== undefined) {
      this.askOlder(log);
      return;
    }
    const wanted = missing(log);
    if (wanted === undefined) {
      this.stopRetry();
      this.failures = 0;
      this.askedFrom = undefined;
      return;
    }
    if (this.askedFrom !== log.frontier) this.failures = 0;
    if (this.cancelRetry !== undefined) return;
    const { random } = this.ports;
    this.retryAfter(backOff(this.failures, { firstMs: firstAskMs, maxMs: maxAskMs, random }));
  }

  /** Resolves when one more page is there, or there is none; rejects with a `ChatProblem`. */
  loadOlder(): Promise<void> {
    const log = this.ports.log();
    if (log.frontier !== undefined && !log.hasOlder) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.older.push({ resolve, reject });
      this.check();
    });
  }

  private askOlder(log: RoomLog): void {
    if (!log.hasOlder) {
      for (const { resolve } of this.older.splice(0)) resolve();
      this.check();
      return;
    }
    this.sendQuestion({ kind: 'before', before: log.floor, limit: this.page(pageLimit) });
  }

  private askNow(): void {
    this.stopRetry();
    const log = this.ports.log();
    const wanted = missing(log);
    if (!this.isOpen || this.question !== undefined || wanted === undefined) return;
    this.failures += 1;
    this.askedFrom = log.frontier;
    const limit = wanted.kind === 'after' ? catchUpLimit : pageLimit;
    this.sendQuestion({ ...wanted, limit: this.page(limit) });
  }

  private page(limit: number): number {
    return Math.max(minPage, Math.floor(limit / 2 ** this.caution));
  }

  private sendQuestion(request: HistoryRequest): void {
    const { kind: _, ...range } = request;
    const question: Question = { request, cancelDeadline: () => {} };
    const sent = this.ports.send({ type: 'history', ...range }, (answer) => {
      if (this.question !== question) return;
      if (answer.type === 'history_end') this.historyEnded(answer);
      else if (answer.type === 'error') this.questionFailed(answer.problem);
    });
    if (sent) this.ask(request, question);
  }

  private ask(request: HistoryRequest, question: Question = { request, cancelDeadline: () => {} }): void {
    this.forget();
    question.cancelDeadline = this.ports.clock.after(answerMs, () => this.ports.abandon());
    this.question = question;
  }

  private forget(): void {
    this.question?.cancelDeadline();
    this.question = undefined;
  }

  private questionFailed(problem: ChatProblem): void {
    const wasOlder = this.question?.request.kind === 'before';
    this.forget();
    if (isPassing(problem)) this.retryAfter(this.pauseAfter(problem));
    else if (wasOlder) for (const { reject } of this.older.splice(0)) reject(problem);
    // The room is not open on this socket, then: opening it tells why, or mends it.
    else this.ports.rejoin();
  }

  private pauseAfter(problem: ChatProblem): number {
    this.failures += 1;
    const { random } = this.ports;
    const pauseMs = backOff(this.failures, { firstMs: firstAskMs, maxMs: maxAskMs, random });
    return Math.max(problem.retryAfterMs ?? 0, pauseMs);
  }

  private retryAfter(milliseconds: number): void {
    this.stopRetry();
    this.cancelRetry = this.ports.clock.after(milliseconds, () => {
      this.cancelRetry = undefined;
      if (this.older.length > 0) this.check();
      else this.askNow();
    });
  }

  private stopRetry(): void {
    this.cancelRetry?.();
    this.cancelRetry = undefined;
  }
}

const hasOlderThan = (log: RoomLog, floor: number): boolean =>
  log.messages.some(({ seq }) => seq >= log.floor && seq < floor);

/** As after a first opening, but without what is known: older pages bring it back. */
function startAnew(log: RoomLog): RoomLog {
  return {
    ...log,
    messages: [],
    frontier: undefined,
    beyond: [],
    floor: Number.POSITIVE_INFINITY,
    hasOlder: false,
  };
}
