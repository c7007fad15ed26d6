/** Bringing one socket up to date: the newest messages, or every entry after a seq, closed by `history_end`. */
import type { ServerEvent } from '../contract/websocket/events.ts';
import {
  isMessage,
  isVisible,
  readBackward,
  readForward,
  type ReadPorts,
} from '../domain/messages/read-log.ts';
import { readingBudgets, type ReadingBudget } from '../domain/messages/reading-budget.ts';
import type { ChangeEntry, Head, LogEntry, MessageEntry } from '../domain/model.ts';
import { chatMessage, entryEvent, toFrame } from './frames.ts';

export interface HistoryRequest {
  before?: number | undefined;
  after?: number | undefined;
  limit: number;
  /** Returned in `history_end`, so that the client can tell which command it answers. */
  ref?: string | undefined;
}

/**
 * The events in the order in which they are to be sent. A reading whose budget is spent says so by `has_more`, with
 * the seq from which (`first_seq`) or up to which (`head`, after `after`) everything was sent.
 */
export async function historyEvents(
  ports: ReadPorts,
  head: Head,
  { ref, ...page }: HistoryRequest,
  budget: ReadingBudget = readingBudgets.answer,
): Promise<ServerEvent[]> {
  const events = await pageOfHistory(ports, head, page, budget);
  return ref === undefined ? events : [...events.slice(0, -1), { ...historyEnd(events), ref }];
}

async function pageOfHistory(
  ports: ReadPorts,
  head: Head,
  { before, after, limit }: Omit<HistoryRequest, 'ref'>,
  budget: ReadingBudget,
): Promise<ServerEvent[]> {
  // A client that has seen more than there is was talking to another log: it starts anew.
  if (after !== undefined && after > head.seq) {
    const fresh = await newestMessages(ports, head, { before: undefined, limit, budget });
    const end = historyEnd(fresh);
    // What was committed while it was read is there; what was still being written below the head will be.
    const from = Math.min(after, Math.max(head.seq, end.head) + 1);
    return [...fresh.slice(0, -1), { ...end, recovered: false, gap: { from, to: after } }];
  }
  return after === undefined
    ? newestMessages(ports, head, { before, limit, budget })
    : entriesAfter(ports, head, { after, limit, budget });
}

function historyEnd(events: ServerEvent[]): Extract<ServerEvent, { type: 'history_end' }> {
  return events.at(-1) as Extract<ServerEvent, { type: 'history_end' }>;
}

async function newestMessages(
  ports: ReadPorts,
  head: Head,
  { before, limit, budget }: { before: number | undefined; limit: number; budget: ReadingBudget },
): Promise<ServerEvent[]> {
  const reading = { roomId: head.roomId, limit, wants: isMessage, budget };
  const { entries, hasMore, isCut, reached, settled } = await readBackward(
    ports,
    before === undefined ? { ...reading, head } : reading,
    before ?? Number.MAX_SAFE_INTEGER,
  );
  const first = isCut ? reached : entries[0]?.seq;
  return [
    ...entries.map(chatMessage),
    {
      type: 'history_end',
      room_id: head.roomId,
      first_seq: hasMore ? (first ?? null) : head.seq === 0 ? null : 1,
      head: before === undefined ? settled : head.seq,
      has_more: hasMore,
      recovered: true,
    },
  ];
}

async function entriesAfter(
  ports: ReadPorts,
  head: Head,
  { after, limit, budget }: { after: number; limit: number; budget: ReadingBudget },
): Promise<ServerEvent[]> {
  const reading = { roomId: head.roomId, limit, wants: isVisible, head, budget };
  // Nothing was missed by a client that has seen the head: what comes after it is posted to it.
  const page =
    after === head.seq
      ? { entries: [], hasMore: false, settled: head.seq }
      : await readForward(ports, reading, after);
  const events = await eventsWithin(ports, head.roomId, page.entries, budget.bytes);
  const firstLeft = page.entries[events.length];
  const hasMore = page.hasMore || firstLeft !== undefined;
  return [
    ...events,
    {
      type: 'history_end',
      room_id: head.roomId,
      first_seq: page.entries.length === 0 && !hasMore ? null : after + 1,
      head: firstLeft === undefined ? page.settled : Math.min(page.settled, firstLeft.seq - 1),
      has_more: hasMore,
      recovered: true,
    },
  ];
}

/** Edits carry the present content of their messages, of which so many are read at once. */
const targetsPerRequest = 25;

/**
 * The events of these entries, as many as fit. An edit is a small entry, and what it tells may be large, so it counts
 * here once more; the first one always fits.
 */
async function eventsWithin(
  ports: Pick<ReadPorts, 'log'>,
  roomId: string,
  entries: readonly Exclude<LogEntry, { kind: 'void' }>[],
  maxBytes: number,
): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  const targets = new Map<number, MessageEntry | undefined>();
  let bytes = 0;
  for (const [index, entry] of entries.entries()) {
    if (entry.kind === 'edit' && !targets.has(entry.targetSeq)) {
      const next = unknownTargets(entries.slice(index), targets).slice(0, targetsPerRequest);
      const found = await findTargets(ports, roomId, next);
      for (const { targetSeq } of next) targets.set(targetSeq, found.get(targetSeq));
    }
    const event = entryEvent(entry, 'targetSeq' in entry ? targets.get(entry.targetSeq) : undefined);
    bytes += Buffer.byteLength(toFrame(event));
    if (events.length > 0 && bytes > maxBytes) break;
    events.push(event);
  }
  return events;
}

/** One edit for each message that is edited and not known yet. */
function unknownTargets(entries: readonly LogEntry[], known: ReadonlyMap<number, unknown>): ChangeEntry[] {
  const edits = new Map<number, ChangeEntry>();
  for (const entry of entries) {
    if (entry.kind !== 'edit' || known.has(entry.targetSeq) || edits.has(entry.targetSeq)) continue;
    edits.set(entry.targetSeq, entry);
  }
  return [...edits.values()];
}

/** The messages that edits point at, for their present content. */
export async function findTargets(
  { log }: Pick<ReadPorts, 'log'>,
  roomId: string,
  entries: readonly LogEntry[],
): Promise<Map<number, MessageEntry>> {
  const wanted = entries.flatMap((entry) =>
    entry.kind === 'edit' ? [{ roomId, seq: entry.targetSeq }] : [],
  );
  if (wanted.length === 0) return new Map();
  const targets = await log.getMany(wanted);
  return new Map(targets.filter(isMessage).map((target) => [target.seq, target]));
}
