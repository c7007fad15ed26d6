/** Reading a room's log in pages, forwards and backwards, and telling how far it is settled. */
import type { LogEntry } from '../model.ts';
import type { LogStore } from '../ports/log.ts';
import type { Clock } from '../ports/world.ts';
import { settle, takenBelow, type UpperBound } from './holes.ts';

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
}

export interface LogPage<E extends LogEntry> {
  /** Oldest first. */
  entries: E[];
  /** There are more in the direction of reading. */
  hasMore: boolean;
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
  { roomId, limit, wants, head }: LogReading<E>,
  after: number,
): Promise<LogPage<E>> {
  const found: E[] = [];
  let open: number | undefined;
  let low = after;
  for (;;) {
    const page = await ports.log.range(roomId, low, Number.MAX_SAFE_INTEGER, limit + 1);
    const isLast = page.length <= limit;
    const settlement = await settle(ports, { roomId, entries: page, low, bound: isLast ? head : undefined });
    if (settlement.kind === 'stale') continue;
    if (settlement.kind === 'open') open ??= settlement.from;
    found.push(...page.filter(wants));
    low = page.at(-1)?.seq ?? low;
    if (isLast || found.length > limit) break;
  }
  return {
    entries: found.slice(0, limit),
    hasMore: found.length > limit,
    settled: open === undefined ? Math.max(head?.seq ?? 0, low) : open - 1,
  };
}

/** Entries with seq < `before`, the newest ones. */
export async function readBackward<E extends LogEntry>(
  ports: ReadPorts,
  { roomId, limit, wants, head }: LogReading<E>,
  before: number,
): Promise<LogPage<E>> {
  const found: E[] = [];
  let open: number | undefined;
  let top = head?.seq ?? 0;
  let high = before;
  let bound = head;
  for (;;) {
    const page = (await ports.log.rangeDown(roomId, high, limit + 1)).reverse();
    const isLast = page.length <= limit;
    const lowest = page[0];
    const low = isLast || lowest === undefined ? 0 : lowest.seq - 1;
    const settlement = await settle(ports, { roomId, entries: page, low, bound });
    if (settlement.kind === 'stale') continue;
    if (settlement.kind === 'open') open = settlement.from;
    top = Math.max(top, page.at(-1)?.seq ?? 0);
    found.unshift(...page.filter(wants));
    if (isLast || found.length > limit || lowest === undefined) break;
    high = lowest.seq;
    bound = { seq: high - 1, lastAt: lowest.at, taken: takenBelow(lowest) };
  }
  const hasMore = found.length > limit;
  return {
    entries: hasMore ? found.slice(found.length - limit) : found,
    hasMore,
    settled: open === undefined ? top : open - 1,
  };
}
