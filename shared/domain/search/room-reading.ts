/**
 * Reads one room's log for a search, from a seq downward in parts. Its reads are consistent, so that a message whose deletion
 * was acknowledged before the search is not found, whatever a replica of the table still holds.
 */
import type { LogEntry, MessageEntry } from '../model/log.ts';
import type { LogStore } from '../ports/log.ts';
import type { BudgetedReading } from '../messages/reading-budget.ts';
import { isShown, type PreparedCriteria } from './criteria.ts';

export interface FoundMessage {
  entry: MessageEntry;
  /** When it was sent, but no later than the entries above it: the clocks of writers differ by some milliseconds. */
  timeMs: number;
  /** Its neighbors among the messages that were read with it. */
  older?: MessageEntry;
  newer?: MessageEntry;
}

/** Where a reading stands: everything from `position` on was read, and what is below is no newer than `timeMs`. */
export interface ReadingState {
  roomId: string;
  position: number;
  timeMs: number;
}

/** Entries of the first part, and of the largest one. Each part is twice as large as the one before. */
const firstPart = 64;
const largestPart = 256;

/** The clocks of two writers differ by far less. */
const clockDifferenceMs = 60_000;

interface ReadingPorts {
  log: Pick<LogStore, 'rangeDown'>;
  /** Asked before the first read, where the caller has not been authorized in the room. */
  mayRead?: (roomId: string) => Promise<boolean>;
}

export class RoomReading {
  readonly roomId: string;
  private readonly ports: ReadingPorts;
  private readonly criteria: PreparedCriteria;
  private state: ReadingState;
  private nextPart = firstPart;
  private mayRead: boolean | undefined;
  /** The last message that was read, and the last one if it was found. */
  private above: MessageEntry | undefined;
  private foundAbove: FoundMessage | undefined;

  constructor(ports: ReadingPorts, criteria: PreparedCriteria, state: ReadingState) {
    this.roomId = state.roomId;
    this.ports = ports;
    this.criteria = criteria;
    this.state = state;
  }

  get position(): number {
    return this.state.position;
  }

  get timeMs(): number {
    return this.state.timeMs;
  }

  /** Nothing is left to be read. */
  get isDone(): boolean {
    return this.state.position <= 1;
  }

  /** Reads the next part, as large as the budget allows, and returns the messages that the search finds in it. */
  async readPart(reading: BudgetedReading): Promise<FoundMessage[]> {
    if (!(await this.isAuthorized(reading))) this.finish();
    await this.skipNewer(reading);
    const limit = reading.nextLimitUpTo(this.nextPart);
    if (limit === 0 || this.isDone) return [];
    this.nextPart = Math.min(2 * this.nextPart, largestPart);
    const entries = await this.ports.log.rangeDown(this.roomId, this.position, limit);
    const taken = reading.take(entries);
    const found: FoundMessage[] = [];
    for (const entry of taken) {
      if (this.isBeforeSearch(entry)) {
        this.finish();
        return found;
      }
      this.state = { ...this.state, position: entry.seq, timeMs: Math.min(this.timeMs, entry.at) };
      if (isShown(entry)) found.push(...this.look(entry));
    }
    if (entries.length < limit && taken.length === entries.length) this.finish();
    return found;
  }

  /** Leaves a message and what is below it to a later request. */
  putBack({ entry, timeMs }: FoundMessage): void {
    if (entry.seq < this.position) return;
    this.state = { ...this.state, position: entry.seq + 1, timeMs };
  }

  private async isAuthorized(reading: BudgetedReading): Promise<boolean> {
    if (this.ports.mayRead === undefined) return true;
    if (this.mayRead === undefined) {
      this.mayRead = await this.ports.mayRead(this.roomId);
      reading.take([]);
    }
    return this.mayRead;
  }

  private look(entry: MessageEntry): FoundMessage[] {
    if (this.foundAbove !== undefined) this.foundAbove.older = entry;
    const found = this.criteria.matches(entry)
      ? { entry, timeMs: this.timeMs, ...(this.above && { newer: this.above }) }
      : undefined;
    this.above = entry;
    this.foundAbove = found;
    return found === undefined ? [] : [found];
  }

  private isBeforeSearch({ at }: LogEntry): boolean {
    return at < this.criteria.afterMs - clockDifferenceMs;
  }

  private finish(): void {
    this.state = { ...this.state, position: 1 };
  }

  /** Finds the place of `before` in the log by halving, instead of reading all that is newer. */
  private async skipNewer(reading: BudgetedReading): Promise<void> {
    const tooNewMs = this.criteria.beforeMs + clockDifferenceMs;
    if (this.timeMs < tooNewMs) return;
    let low = 1;
    while (this.position - low > firstPart) {
      if (reading.isSpent) return;
      const middle = Math.floor((low + this.position) / 2);
      const [entry] = reading.take(await this.ports.log.rangeDown(this.roomId, middle, 1));
      if (entry === undefined || entry.at < tooNewMs) low = middle;
      else this.state = { ...this.state, position: entry.seq, timeMs: Math.min(this.timeMs, entry.at) };
    }
    this.state = { ...this.state, timeMs: tooNewMs - 1 };
  }
}
