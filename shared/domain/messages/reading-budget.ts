/**
 * Bounds how much of a room's log one answer may read. Users decide what a log contains, and so how far a search in it has
 * to go. A reading therefore ends when its budget is spent, and its answer says where to continue.
 */
import { shownBytes } from '../files/view-attachments.ts';
import type { LogEntry } from '../model/log.ts';

export interface ReadingBudget {
  entries: number;
  /** Size of the entries as JSON, which is close to their size in the table and on the wire. Attachments count with addresses. */
  bytes: number;
}

export const readingBudgets = {
  /** For one HTTP page, or the answer to `history` or `join`. */
  answer: { entries: 1_000, bytes: 512 * 1024 },
  /** For the welcome in the table stream's function, where other records wait behind it. */
  welcome: { entries: 256, bytes: 512 * 1024 },
  /** For one page of an export, which searches for one user's messages among all others. */
  ownMessages: { entries: 2_000, bytes: 640 * 1024 },
  /** For one page of a search, which has its own reading in `domain/search`. */
  search: { entries: 2_500, bytes: 1024 * 1024 },
} as const satisfies Record<string, ReadingBudget>;

/** A page of the default size, and one more entry that shows whether there is another page. */
const entriesPerRequest = 51;

/** 12 KB of content with the other fields. Attachments take up to as much again, which the last request may overdraw. */
const maxEntryBytes = 12.5 * 1024;

/** Each request counts as at least this many entries, because it costs something even when it returns none. */
const minEntriesPerRequest = 10;

/** Keeps what is left of one budget while a log is read. */
export class BudgetedReading {
  private readonly budget: ReadingBudget;
  private entriesLeft: number;
  private bytesLeft: number;
  private requests = 0;
  private taken = 0;
  private discardedBytes = 0;

  constructor(budget: ReadingBudget) {
    this.budget = budget;
    this.entriesLeft = budget.entries;
    this.bytesLeft = budget.bytes;
  }

  /** What was read beyond the budget, and so was not used up by its caller. */
  get bytesBeyond(): number {
    return this.discardedBytes + Math.max(0, -this.bytesLeft);
  }

  get isSpent(): boolean {
    return this.entriesLeft <= 0 || this.bytesLeft <= 0;
  }

  /**
   * Returns the limit of the next request when `missing` entries are still needed; 0 when the budget is spent. After the
   * first request the limit stays within the budget even if every entry has the maximum size.
   */
  nextLimit(missing: number): number {
    if (this.isSpent) return 0;
    if (this.requests === 0) return Math.min(missing, entriesPerRequest);
    // The earlier requests returned too few selected entries, so they are rare here: ask for more of them.
    const limit = Math.max(missing, 8 * 2 ** this.requests);
    const affordable = Math.ceil(this.bytesLeft / maxEntryBytes);
    return Math.min(limit, entriesPerRequest, this.entriesLeft, affordable);
  }

  /**
   * Returns the limit of the next request of a reading that looks at every entry, and so wants many at a time; 0 when the
   * budget is spent. It goes by the average size of the entries so far, and may be wrong about those that follow.
   */
  nextLimitUpTo(maximum: number): number {
    if (this.isSpent) return 0;
    const averageBytes = (this.budget.bytes - this.bytesLeft) / Math.max(1, this.taken);
    const affordable = averageBytes === 0 ? maximum : Math.ceil(this.bytesLeft / averageBytes);
    return Math.min(maximum, this.entriesLeft, affordable);
  }

  /** Counts the entries that a request returned, and returns as many of them as the budget allows, at least one. */
  take<E extends LogEntry>(entries: readonly E[]): E[] {
    this.requests += 1;
    const kept: E[] = [];
    for (const entry of entries) {
      if (kept.length > 0 && this.isSpent) break;
      kept.push(entry);
      this.taken += 1;
      this.entriesLeft -= 1;
      this.bytesLeft -= sizeOf(entry);
    }
    for (const entry of entries.slice(kept.length)) this.discardedBytes += sizeOf(entry);
    this.entriesLeft -= Math.max(0, minEntriesPerRequest - entries.length);
    return kept;
  }
}

function sizeOf(entry: LogEntry): number {
  if (entry.kind !== 'message' || entry.attachments === undefined)
    return Buffer.byteLength(JSON.stringify(entry));
  const { attachments, ...message } = entry;
  return Buffer.byteLength(JSON.stringify(message)) + shownBytes(attachments);
}
