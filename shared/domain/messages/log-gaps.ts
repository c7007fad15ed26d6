/**
 * Holes in a room's log: seqs that a writer took and stored nothing under. Whoever reads past an old one fills it
 * with a tombstone, by a conditional put that a late writer loses to, so that no hole lasts.
 */
import { newVoidEntry } from './new-entry.ts';
import type { LogEntry, VoidEntry } from '../model.ts';
import type { LogStore } from '../ports/log.ts';
import type { Clock } from '../ports/system.ts';

/**
 * Younger than this, the writer of a hole may still come, since it stores within milliseconds; one that comes later
 * finds the tombstone and takes another seq. A hole's age is told by the entry behind it, so in a row of holes the
 * first ones wait longer: hence this is far below the 30 s that are promised.
 */
export const gapAgeMs = 5_000;

/** One reader writes at most so many void entries for a page, those of a hole in one transaction of up to 100 items; what is left of the holes stays open for the next one. */
const fillsPerPage = 50;

/** The last seq that is known to be taken, when, and how many messages had taken one by then. */
export interface UpperBound {
  seq: number;
  lastAt: number;
  taken: number;
}

interface Hole {
  from: number;
  to: number;
  /** When the next seq behind it was taken: it is at least that old. */
  at: number;
  takenBefore: number | undefined;
  takenBehind: number;
}

export type Settlement =
  | { kind: 'settled' }
  /** A hole whose writer may still come; nothing is missing below it. */
  | { kind: 'open'; from: number }
  /** A hole was filled by another writer, or below what was read: the page is out of date. */
  | { kind: 'stale' };

/** Fills the old holes between `low` (exclusive) and the upper bound (inclusive; the last entry without one). */
export async function settle(
  { log, clock }: { log: LogStore; clock: Clock },
  {
    roomId,
    entries,
    low,
    bound,
  }: { roomId: string; entries: LogEntry[]; low: number; bound: UpperBound | undefined },
): Promise<Settlement> {
  let left = fillsPerPage;
  for (const hole of findHoles(entries, low, bound)) {
    if (clock.now() - hole.at < gapAgeMs) return { kind: 'open', from: hole.from };
    const to = Math.min(hole.to, hole.from + left - 1);
    if (!(await fill(log, roomId, { ...hole, to }, clock.now()))) return { kind: 'stale' };
    left -= to - hole.from + 1;
    if (to < hole.to) return { kind: 'open', from: to + 1 };
  }
  return { kind: 'settled' };
}

function findHoles(entries: LogEntry[], low: number, bound: UpperBound | undefined): Hole[] {
  const holes: Hole[] = [];
  let seq = low;
  let taken = low === 0 ? 0 : undefined;
  for (const entry of entries) {
    if (entry.seq > seq + 1) {
      const takenBehind = takenBelow(entry);
      holes.push({ from: seq + 1, to: entry.seq - 1, at: entry.at, takenBefore: taken, takenBehind });
    }
    seq = entry.seq;
    taken = entry.taken;
  }
  if (bound !== undefined && bound.seq > seq) {
    holes.push({
      from: seq + 1,
      to: bound.seq,
      at: bound.lastAt,
      takenBefore: taken,
      takenBehind: bound.taken,
    });
  }
  return holes;
}

/** How many messages had taken a seq before this entry took its own. */
export function takenBelow(entry: LogEntry): number {
  const countsAsMessage = entry.kind === 'message' || (entry.kind === 'void' && entry.wasMessage);
  return entry.taken - (countsAsMessage ? 1 : 0);
}

/** False when an entry had appeared in the hole, or not all of it was filled. */
async function fill(log: LogStore, roomId: string, hole: Hole, at: number): Promise<boolean> {
  const { from, taken: takenBefore } = await lowerEdge(log, roomId, hole);
  const to = Math.min(hole.to, from + fillsPerPage - 1);
  let taken = takenBefore;
  const voids: VoidEntry[] = [];
  for (let seq = from; seq <= to; seq += 1) {
    // How many of the run's seqs were meant for messages is known, which of them is not: take the first ones.
    const wasMessage = taken < hole.takenBehind;
    if (wasMessage) taken += 1;
    voids.push(newVoidEntry({ roomId, seq, taken, lastAt: at }, wasMessage));
  }
  // The run in one step: were a late writer to store under one of its seqs, the guess about the others would be wrong.
  // What was filled below the hole may have been all that one page fills.
  return (await log.putVoids(voids)) && to === hole.to;
}

/** Reading may have begun in the middle of a run of holes: its beginning tells how many messages it lacks. */
async function lowerEdge(
  log: LogStore,
  roomId: string,
  { from, takenBefore }: Hole,
): Promise<{ from: number; taken: number }> {
  if (takenBefore !== undefined) return { from, taken: takenBefore };
  const [below] = await log.rangeDown(roomId, from, 1);
  return below === undefined ? { from: 1, taken: 0 } : { from: below.seq + 1, taken: below.taken };
}
