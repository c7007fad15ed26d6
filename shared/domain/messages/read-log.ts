/** Reads a room's log in pages, forward or backward, fills old gaps on the way, and says up to where it is complete. */
import type { LogEntry } from '../model/log.ts';
import type { LogStore } from '../ports/log.ts';
import type { Clock } from '../ports/system.ts';
import { fillGaps, messageSeqsBeforeEntry, type UpperBound } from './log-gaps.ts';
import { BudgetedReading, readingBudgets, type ReadingBudget } from './reading-budget.ts';

export interface ReadPorts {
  log: LogStore;
  clock: Clock;
}

export interface LogQuery<E extends LogEntry> {
  roomId: string;
  limit: number;
  /** Selects the entries of the page; the others do not count towards the limit. */
  select: (entry: LogEntry) => entry is E;
  /** The room's head; needed for finding gaps above the last entry. */
  head?: UpperBound;
  /** `readingBudgets.answer` by default. */
  budget?: ReadingBudget;
}

export interface LogPage<E extends LogEntry> {
  /** Oldest first. */
  entries: E[];
  /** There are more entries in the direction of reading, or there may be because the budget was spent. */
  hasMore: boolean;
  /** The last seq that was read in the direction of reading. The next page starts after it. */
  reached: number;
  /** The budget was spent before `limit` entries were found. */
  isCut: boolean;
  /** The log is complete up to this seq: there is no gap at or below it that a writer may still fill. */
  completeTo: number;
}

/** Selects the entries that clients see. */
export const isVisible = (entry: LogEntry): entry is Exclude<LogEntry, { kind: 'void' }> =>
  entry.kind !== 'void';

export const isMessage = (entry: LogEntry): entry is Extract<LogEntry, { kind: 'message' }> =>
  entry.kind === 'message';

/** Reads the entries whose seq is above `after`, oldest first. */
export async function readForward<E extends LogEntry>(
  ports: ReadPorts,
  { roomId, limit, select, head, budget = readingBudgets.answer }: LogQuery<E>,
  after: number,
): Promise<LogPage<E>> {
  const reading = new BudgetedReading(budget);
  const found: E[] = [];
  let openFrom: number | undefined;
  let low = after;
  let isEnd = false;
  while (!isEnd && found.length <= limit) {
    const size = reading.nextLimit(limit + 1 - found.length);
    if (size === 0) break;
    const page = await ports.log.range(roomId, low, Number.MAX_SAFE_INTEGER, size);
    const entries = reading.take(page);
    const isLast = page.length < size && entries.length === page.length;
    const gaps = await fillGaps(ports, { roomId, entries, low, bound: isLast ? head : undefined });
    if (gaps.kind === 'stale') continue;
    if (gaps.kind === 'open') openFrom ??= gaps.from;
    found.push(...entries.filter(select));
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
    completeTo: openFrom === undefined ? (isCut ? low : Math.max(head?.seq ?? 0, low)) : openFrom - 1,
  };
}

/** Reads the newest entries whose seq is below `before`. */
export async function readBackward<E extends LogEntry>(
  ports: ReadPorts,
  { roomId, limit, select, head, budget = readingBudgets.answer }: LogQuery<E>,
  before: number,
): Promise<LogPage<E>> {
  const reading = new BudgetedReading(budget);
  const found: E[] = [];
  let openFrom: number | undefined;
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
    const gaps = await fillGaps(ports, { roomId, entries, low, bound });
    if (gaps.kind === 'stale') continue;
    if (gaps.kind === 'open') openFrom = gaps.from;
    top = Math.max(top, entries.at(-1)?.seq ?? 0);
    found.unshift(...entries.filter(select));
    isEnd = isLast || lowest === undefined || lowest.seq <= 1;
    if (lowest === undefined) break;
    high = lowest.seq;
    bound = { seq: high - 1, lastAtMs: lowest.at, messageSeqs: messageSeqsBeforeEntry(lowest) };
  }
  const isFull = found.length > limit;
  const isCut = !isEnd && !isFull;
  const entries = isFull ? found.slice(found.length - limit) : found;
  return {
    entries,
    hasMore: isFull || isCut,
    reached: isFull ? (entries[0]?.seq ?? before) : high,
    isCut,
    completeTo: openFrom === undefined ? top : openFrom - 1,
  };
}
