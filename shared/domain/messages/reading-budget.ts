/**
 * How much of a room's log one answer may read. The users who fill a log decide how far a search in it has to go, so
 * every reading ends when its budget is spent, and its answer says where to go on.
 */
import type { LogEntry } from '../model.ts';

export interface ReadingBudget {
  entries: number;
  /** Encoded as JSON, which is close to what the entries take up in the table and on the wire. */
  bytes: number;
}

export const readingBudgets = {
  /** One HTTP page, or the answer to `history` or `join`. */
  answer: { entries: 1_000, bytes: 512 * 1024 },
  /** What a welcome reads inside the function that serves the stream, where other users wait behind it. */
  welcome: { entries: 256, bytes: 512 * 1024 },
  /** One page of an export, which looks for one user's messages among those of everybody. */
  ownMessages: { entries: 2_000, bytes: 640 * 1024 },
} as const satisfies Record<string, ReadingBudget>;

/** A page of the default size and the entry that tells whether there is another one. */
const entriesPerRequest = 51;

/** Content of 12 KB with everything around it. */
const largestEntryBytes = 12.5 * 1024;

/** A request costs something, however few entries it brings. */
const entriesPerEmptyRequest = 10;

/** What is left of one budget. */
export class Reading {
  private entriesLeft: number;
  private bytesLeft: number;
  private requests = 0;

  constructor({ entries, bytes }: ReadingBudget) {
    this.entriesLeft = entries;
    this.bytesLeft = bytes;
  }

  get isSpent(): boolean {
    return this.entriesLeft <= 0 || this.bytesLeft <= 0;
  }

  /**
   * How many entries to ask for next, when `wanted` are missing; 0 when the budget is spent. After the first request
   * the size of what comes is not guessed: the request stays within what is left even if every entry is the largest.
   */
  nextLimit(wanted: number): number {
    if (this.isSpent) return 0;
    if (this.requests === 0) return Math.min(wanted, entriesPerRequest);
    // The first requests found too few, so the entries that are wanted are rare here.
    const asked = Math.max(wanted, 8 * 2 ** this.requests);
    const affordable = Math.ceil(this.bytesLeft / largestEntryBytes);
    return Math.min(asked, entriesPerRequest, this.entriesLeft, affordable);
  }

  /** Counts what a request brought. The result is the part of it that the budget allows for, at least one entry. */
  take<E extends LogEntry>(entries: readonly E[]): E[] {
    this.requests += 1;
    const taken: E[] = [];
    for (const entry of entries) {
      if (taken.length > 0 && this.isSpent) break;
      taken.push(entry);
      this.entriesLeft -= 1;
      this.bytesLeft -= Buffer.byteLength(JSON.stringify(entry));
    }
    this.entriesLeft -= Math.max(0, entriesPerEmptyRequest - entries.length);
    return taken;
  }
}
