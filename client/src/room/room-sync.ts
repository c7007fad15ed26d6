/**
 * Keeps a room's log complete: requests missing entries until they have arrived, and loads older pages. There is one
 * request at a time, since the events of two concurrent answers look alike.
 */
import { pageSize, pageSizeMaximum } from '../../../shared/contract/limits.ts';
import type { EventOf } from '../contract/events.ts';
import type { ChatProblem } from '../problem.ts';
import { applyHistoryEnd, missing, withoutPages, type HistoryRequest, type RoomLog } from '../room-log.ts';
import { backOff } from '../system.ts';
import type { Channel } from './channel.ts';
import { isTransient } from './room-link.ts';

export interface SyncPorts extends Channel {
  log(): RoomLog;
  setLog(log: RoomLog): void;
  /** Joins the room again on this socket. */
  rejoin(): void;
  /** An answer has ended: the room is open, and as complete as the server could make it. */
  caughtUp(): void;
}

/** On bad connections, short answers are more likely to be received completely than long ones. */
const minLimit = 10;
const maxHalvings = 4;
/** A client that missed more entries than this starts with the newest page, and treats the rest as older history. */
const maxCatchUpEntries = 1_000;
/** Longer than the timeout of the function that answers. */
const answerTimeoutMs = 20_000;
/** Missing entries often arrive by themselves a moment later. */
const firstPauseMs = 250;
const maxPauseMs = 5_000;

interface PendingRequest {
  request: HistoryRequest;
  cancelTimeout: () => void;
}

export class RoomSync {
  readonly #ports: SyncPorts;
  #pending: PendingRequest | undefined;
  #isOpen = false;
  #mustReopen = false;
  #failures = 0;
  /** How often the page size is halved: raised by each answer that broke off, lowered by each complete one. */
  #halvings = 0;
  /** The log's frontier at the last request. */
  #requestedFrom: number | undefined;
  #cancelRetry: (() => void) | undefined;
  /** The callers of `loadOlder` that wait for a page. */
  #olderWaiting: { resolve: () => void; reject: (problem: ChatProblem) => void }[] = [];

  constructor(ports: SyncPorts) {
    this.#ports = ports;
  }

  /** Whether events that arrive now may be part of a history page. */
  get isAwaitingHistory(): boolean {
    return this.#pending !== undefined;
  }

  /** Returns the history that a join requests: the newest page at first, and later the entries missed since then. */
  welcomeRequest(): HistoryRequest {
    const { frontier } = this.#ports.log();
    return frontier === undefined
      ? { kind: 'newest', limit: this.#limitFor(pageSize) }
      : { kind: 'after', after: frontier, limit: this.#limitFor(pageSizeMaximum) };
  }

  /** A join was sent, which is answered with history. */
  joinSent(request: HistoryRequest): void {
    this.#isOpen = false;
    this.#mustReopen = false;
    this.#stopRetry();
    this.#awaitAnswer({ request, cancelTimeout: () => {} });
  }

  /** Joins the room again on the same socket, as soon as the pending request is answered. */
  reopen(): void {
    if (this.#pending === undefined) this.#ports.rejoin();
    else this.#mustReopen = true;
  }

  /** The room is not open on the socket any more: the pending request will not be answered. */
  interrupt(): void {
    this.#isOpen = false;
    this.#clearPending();
    this.#stopRetry();
  }

  /** The socket has ended: the pending request will not be answered. */
  socketLost(): void {
    this.#isOpen = false;
    if (this.#pending !== undefined) this.#halvings = Math.min(maxHalvings, this.#halvings + 1);
    this.#clearPending();
    this.#stopRetry();
    this.#failures = 0;
    this.#requestedFrom = undefined;
  }

  /** Ends all requests, and rejects those for older pages. */
  close(problem: ChatProblem): void {
    this.socketLost();
    for (const { reject } of this.#olderWaiting.splice(0)) reject(problem);
  }

  historyEnded(event: EventOf<'history_end'>): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    const { request } = pending;
    this.#clearPending();
    this.#halvings = Math.max(0, this.#halvings - 1);
    this.#isOpen = true;
    const before = this.#ports.log();
    let log = applyHistoryEnd(before, request, event);
    const { frontier = 0, head } = log;
    const isFarBehind = request.kind === 'after' && event.has_more && head - frontier > maxCatchUpEntries;
    if (isFarBehind) log = withoutPages(log);
    this.#ports.setLog(log);
    // One answer reads a bounded part of the log and may find no message in it; the next page is requested then.
    const isEmpty = log.hasOlder && log.floor < before.floor && !hasOlderThan(log, before.floor);
    if (request.kind === 'before' && !isEmpty)
      for (const { resolve } of this.#olderWaiting.splice(0)) resolve();
    if (request.kind === 'newest' && isEmpty) void this.loadOlder().catch(() => undefined);
    const hasMore = request.kind === 'after' && event.has_more && (log.frontier ?? 0) > request.after;
    if (this.#mustReopen) this.#ports.rejoin();
    else if (hasMore || log.frontier === undefined) this.#requestMissing();
    this.#ports.caughtUp();
    this.check();
  }

  /** Requests missing entries after a change of the log: soon at first, then less and less often. */
  check(): void {
    if (!this.#isOpen || this.#pending !== undefined) return;
    const log = this.#ports.log();
    if (this.#olderWaiting.length > 0 && log.frontier !== undefined) {
      this.#requestOlder(log);
      return;
    }
    if (missing(log) === undefined) {
      this.#stopRetry();
      this.#failures = 0;
      this.#requestedFrom = undefined;
      return;
    }
    if (this.#requestedFrom !== log.frontier) this.#failures = 0;
    if (this.#cancelRetry !== undefined) return;
    const { random } = this.#ports;
    this.#retryAfter(backOff(this.#failures, { firstMs: firstPauseMs, maxMs: maxPauseMs, random }));
  }

  /** Resolves when one more page has arrived, or when there is none. Rejects with a `ChatProblem`. */
  loadOlder(): Promise<void> {
    const log = this.#ports.log();
    if (log.frontier !== undefined && !log.hasOlder) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#olderWaiting.push({ resolve, reject });
      this.check();
    });
  }

  #requestOlder(log: RoomLog): void {
    if (!log.hasOlder) {
      for (const { resolve } of this.#olderWaiting.splice(0)) resolve();
      this.check();
      return;
    }
    this.#send({ kind: 'before', before: log.floor, limit: this.#limitFor(pageSize) });
  }

  #requestMissing(): void {
    this.#stopRetry();
    const log = this.#ports.log();
    const range = missing(log);
    if (!this.#isOpen || this.#pending !== undefined || range === undefined) return;
    this.#failures += 1;
    this.#requestedFrom = log.frontier;
    const limit = range.kind === 'after' ? pageSizeMaximum : pageSize;
    this.#send({ ...range, limit: this.#limitFor(limit) });
  }

  #limitFor(limit: number): number {
    return Math.max(minLimit, Math.floor(limit / 2 ** this.#halvings));
  }

  #send(request: HistoryRequest): void {
    const { kind: _, ...range } = request;
    const pending: PendingRequest = { request, cancelTimeout: () => {} };
    const sent = this.#ports.send({ type: 'history', ...range }, (answer) => {
      if (this.#pending !== pending) return;
      if (answer.type === 'history_end') this.historyEnded(answer);
      else if (answer.type === 'error') this.#requestFailed(answer.problem);
    });
    if (sent) this.#awaitAnswer(pending);
  }

  #awaitAnswer(pending: PendingRequest): void {
    this.#clearPending();
    pending.cancelTimeout = this.#ports.clock.after(answerTimeoutMs, () => this.#ports.abandon());
    this.#pending = pending;
  }

  #clearPending(): void {
    this.#pending?.cancelTimeout();
    this.#pending = undefined;
  }

  #requestFailed(problem: ChatProblem): void {
    const wasOlder = this.#pending?.request.kind === 'before';
    this.#clearPending();
    if (isTransient(problem)) this.#retryAfter(this.#pauseAfter(problem));
    else if (wasOlder) for (const { reject } of this.#olderWaiting.splice(0)) reject(problem);
    // The room is not open on this socket any more: joining it again repairs that, or reports why it is closed.
    else this.#ports.rejoin();
  }

  #pauseAfter(problem: ChatProblem): number {
    this.#failures += 1;
    const { random } = this.#ports;
    const pauseMs = backOff(this.#failures, { firstMs: firstPauseMs, maxMs: maxPauseMs, random });
    return Math.max(problem.retryAfterMs ?? 0, pauseMs);
  }

  #retryAfter(milliseconds: number): void {
    this.#stopRetry();
    this.#cancelRetry = this.#ports.clock.after(milliseconds, () => {
      this.#cancelRetry = undefined;
      if (this.#olderWaiting.length > 0) this.check();
      else this.#requestMissing();
    });
  }

  #stopRetry(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
  }
}

const hasOlderThan = (log: RoomLog, floor: number): boolean =>
  log.messages.some(({ seq }) => seq >= log.floor && seq < floor);
