/** Reading a room's log in pages, forwards and backwards, and telling how far it is settled. */
import type { LogEntry } from '../model.ts';
import type { LogStore } from '../ports/log.ts';
import type { Clock } from '../ports/system.ts';
import { settle, takenBelow, type UpperBound } from './log-gaps.ts';
import { Reading, readingBudgets, type ReadingBudget } from './reading-budget.ts';

export interface ReadPorts {
  log: LogStore;
  clock: Clock;
}

export interface LogReading<E extends LogEntry> {
  roomId: string;
  limit: number;
  /** Which entries are wanted; the others are passed over and do not count towards the limit. */
  wants: (entry: LogEntry) => entry is E;
  /** The room's head, when the reader must know up to where nothing is missing. */
  head?: UpperBound;
  /** That of an HTTP page when absent. */
  budget?: ReadingBudget;
}

export interface LogPage<E extends LogEntry> {
  /** Oldest first. */
  entries: E[];
  /** There are more in the direction of reading, or there may be: the budget was spent before the log ended. */
  hasMore: boolean;
  /**
   * The last seq that was read in the direction of reading: everything up to it is in `entries`. The next page goes
   * on behind it.
   */
  reached: number;
  /** The budget was spent before `limit` entries were found. */
  isCut: boolean;
  /** Nothing is missing up to here, except what is still being written. */
  settled: number;
}

/** Entries that tell a client something. */
export const isVisible = (entry: LogEntry): entry is Exclude<LogEntry, { kind: 'void' }> =>
  entry.kind !== 'void';

export const isMessage = (entry: LogEntry): entry is Extract<LogEntry, { kind: 'message' }> =>
  entry.kind === 'message';

/** Entries with `after` < seq. */
export async function readForward<E extends LogEntry>(
  ports: ReadPorts,
  { roomId, limit, wants, head, budget = readingBudgets.answer }: LogReading<E>,
  after: number,
): Promise<LogPage<E>> {
  const reading = new Reading(budget);
  const found: E[] = [];
  let open: number | undefined;
  let low = after;
  let isEnd = false;
  while (!isEnd && found.length <= limit) {
    const size = reading.nextLimit(limit + 1 - found.length);
    if (size === 0) break;
    const page = await ports.log.range(roomId, low, Number.MAX_SAFE_INTEGER, size);
    const entries = reading.take(page);
    const isLast = page.length < size && entries.length === page.length;
    const settlement = await settle(ports, { roomId, entries, low, bound: isLast ? head : undefined });
    if (settlement.kind === 'stale') continue;
    if (settlement.kind === 'open') open ??= settlement.from;
    found.push(...entries.filter(wants));
    low = entries.at(-1)?.seq ?? low;
    isEnd = isLast;
  }
  const isFull = found.length > limit;
  const isCut = !isEnd && !isFull && (head === undefined || low < head.seq);
  const entries = found.slice(0, limit);
  return {
    entries,
    hasMore: isFull || isCut,
    reached: isFull ? (entries.at(-1)?.seq ?? after) : low,
    isCut,
    settled: open === undefined ? (isCut ? low : Math.max(head?.seq ?? 0, low)) : open - 1,
  };
}

/** Entries with seq < `before`, the newest ones. */
export async function readBackward<E extends LogEntry>(
  ports: ReadPorts,
  { roomId, limit, wants, head, budget = readingBudgets.answer }: LogReading<E>,
  before: number,
): Promise<LogPage<E>> {
  const reading = new Reading(budget);
  const found: E[] = [];
  let open: number | undefined;
  let top = head?.seq ?? 0;
  let high = before;
  let bound = head;
  let isEnd = false;
  while (!isEnd && found.length <= limit) {
    const size = reading.nextLimit(limit + 1 - found.length);
    if (size === 0) break;
    const page = await ports.log.rangeDown(roomId, high, size);
    const entries = reading.take(page).reverse();
    const isLast = page.length < size && entries.length === page.length;
    const lowest = entries[0];
    const low = isLast || lowest === undefined ? 0 : lowest.seq - 1;
    const settlement = await settle(ports, { roomId, entries, low, bound });
    if (settlement.kind === 'stale') continue;
    if (settlement.kind === 'open') open = settlement.from;
    top = Math.max(top, entries.at(-1)?.seq ?? 0);
    found.unshift(...entries.filter(wants));
    isEnd = isLast || lowest === undefined || lowest.seq <= 1;
    if (lowest === undefined) break;
    high = lowest.seq;
    bound = { seq: high - 1, lastAt: lowest.at, taken: takenBelow(lowest) };
  }
  const isFull = found.length > limit;
  const isCut = !isEnd && !isFull;
  const entries = isFull ? found.slice(found.length - limit) : found;
  return {
    entries,
    hasMore: isFull || isCut,
    reached: isFull ? (entries[0]?.seq ?? before) : high,
    isCut,
    settled: open === undefined ? top : open - 1,
  };
}
