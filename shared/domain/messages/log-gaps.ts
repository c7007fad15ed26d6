/**
 * Fills gaps in a room's log: seqs that a writer took and has stored no entry under. A reader that finds an old gap fills
 * it with void entries, by conditional puts that a late writer loses to, so that no gap lasts.
 */
import type { LogEntry, VoidEntry } from '../model/log.ts';
import type { LogStore } from '../ports/log.ts';
import type { Clock } from '../ports/system.ts';
import { gapAgeMs } from '../thresholds.ts';
import { newVoidEntry } from './new-entry.ts';

/** Bounds the void entries that one reader writes for a page. One transaction holds up to 100 items. */
const maxFillsPerPage = 50;

/** The last seq that is known to be taken, when it was taken, and how many messages had taken a seq by then. */
export interface UpperBound {
  seq: number;
  lastAtMs: number;
  messageSeqs: number;
}

interface Gap {
  from: number;
  to: number;
  /** When the next seq after the gap was taken: the gap is at least that old. */
  at: number;
  /** How many messages had taken a seq before the gap; undefined when the page does not tell. */
  messageSeqsBefore: number | undefined;
  messageSeqsAfter: number;
}

export type GapOutcome =
  | { kind: 'complete' }
  /** There is a gap from this seq on that was not filled; nothing is missing below it. */
  | { kind: 'open'; from: number }
  /** A gap was filled by another writer, or below what was read, so the page is out of date. */
  | { kind: 'stale' };

/** Fills the old gaps between `low` (exclusive) and `bound` (inclusive), or the last entry when there is no bound. */
export async function fillGaps(
  { log, clock }: { log: LogStore; clock: Clock },
  {
    roomId,
    entries,
    low,
    bound,
  }: { roomId: string; entries: LogEntry[]; low: number; bound: UpperBound | undefined },
): Promise<GapOutcome> {
  let fillsLeft = maxFillsPerPage;
  for (const gap of findGaps(entries, low, bound)) {
    if (clock.now() - gap.at < gapAgeMs) return { kind: 'open', from: gap.from };
    const to = Math.min(gap.to, gap.from + fillsLeft - 1);
    if (!(await fillGap(log, roomId, { ...gap, to }, clock.now()))) return { kind: 'stale' };
    fillsLeft -= to - gap.from + 1;
    if (to < gap.to) return { kind: 'open', from: to + 1 };
  }
  return { kind: 'complete' };
}

function findGaps(entries: LogEntry[], low: number, bound: UpperBound | undefined): Gap[] {
  const gaps: Gap[] = [];
  let seq = low;
  let messageSeqs = low === 0 ? 0 : undefined;
  for (const entry of entries) {
    if (entry.seq > seq + 1) {
      const messageSeqsAfter = messageSeqsBeforeEntry(entry);
      gaps.push({
        from: seq + 1,
        to: entry.seq - 1,
        at: entry.at,
        messageSeqsBefore: messageSeqs,
        messageSeqsAfter,
      });
    }
    seq = entry.seq;
    messageSeqs = entry.messageSeqs;
  }
  if (bound !== undefined && bound.seq > seq) {
    gaps.push({
      from: seq + 1,
      to: bound.seq,
      at: bound.lastAtMs,
      messageSeqsBefore: messageSeqs,
      messageSeqsAfter: bound.messageSeqs,
    });
  }
  return gaps;
}

/** Returns how many messages had taken a seq before this entry took its own. */
export function messageSeqsBeforeEntry(entry: LogEntry): number {
  const countsAsMessage = entry.kind === 'message' || (entry.kind === 'void' && entry.wasMessage);
  return entry.messageSeqs - (countsAsMessage ? 1 : 0);
}

/** Returns false when an entry had appeared in the gap, or when only a part of the gap was filled. */
async function fillGap(log: LogStore, roomId: string, gap: Gap, at: number): Promise<boolean> {
  const { from, messageSeqs: messageSeqsBefore } = await startOfGap(log, roomId, gap);
  const to = Math.min(gap.to, from + maxFillsPerPage - 1);
  let messageSeqs = messageSeqsBefore;
  const voids: VoidEntry[] = [];
  for (let seq = from; seq <= to; seq += 1) {
    // It is known how many seqs of the gap were taken for messages, but not which ones: choose the first ones.
    const wasMessage = messageSeqs < gap.messageSeqsAfter;
    if (wasMessage) messageSeqs += 1;
    voids.push(newVoidEntry({ roomId, seq, messageSeqs, lastAtMs: at }, wasMessage));
  }
  // All in one transaction: if a late writer stored a message under one of the seqs, the choice above would be wrong for
  // the others. When the gap began below the page, its lower part may have used up what one page fills.
  return (await log.putVoids(voids)) && to === gap.to;
}

/** Finds where a gap begins, since a page may begin in the middle of it, and how many messages had taken a seq by then. */
async function startOfGap(
  log: LogStore,
  roomId: string,
  { from, messageSeqsBefore }: Gap,
): Promise<{ from: number; messageSeqs: number }> {
  if (messageSeqsBefore !== undefined) return { from, messageSeqs: messageSeqsBefore };
  const [below] = await log.rangeDown(roomId, from, 1);
  return below === undefined
    ? { from: 1, messageSeqs: 0 }
    : { from: below.seq + 1, messageSeqs: below.messageSeqs };
}
