/** Builds the history that brings one socket up to date: the newest messages, or every entry after a seq, and `history_end`. */
import type { ServerEvent } from '../contract/websocket/events.ts';
import { viewAttachmentsOf, type ViewPorts } from '../domain/files/view-attachments.ts';
import {
  isMessage,
  isVisible,
  readBackward,
  readForward,
  type ReadPorts,
} from '../domain/messages/read-log.ts';
import { readingBudgets, type ReadingBudget } from '../domain/messages/reading-budget.ts';
import type { ChangeEntry, LogEntry, MessageEntry } from '../domain/model/log.ts';
import type { Head } from '../domain/model/rooms.ts';
import { chatMessage, entryEvent } from './frames.ts';
import { toFrame } from './send-events.ts';

export interface HistoryRequest {
  before?: number | undefined;
  after?: number | undefined;
  limit: number;
  /** Returned in `history_end`, so that the client can tell which command it answers. */
  ref?: string | undefined;
}

export type HistoryPorts = ReadPorts & ViewPorts;

/**
 * Returns the events in the order in which they must be sent. When the reading budget is spent, `has_more` is set, and
 * everything was sent from `first_seq` on or, for a request with `after`, up to `head`.
 */
export async function historyEvents(
  ports: HistoryPorts,
  head: Head,
  { ref, ...page }: HistoryRequest,
  budget: ReadingBudget = readingBudgets.answer,
): Promise<ServerEvent[]> {
  const events = await pageOfHistory(ports, head, page, budget);
  return ref === undefined ? events : [...events.slice(0, -1), { ...historyEnd(events), ref }];
}

async function pageOfHistory(
  ports: HistoryPorts,
  head: Head,
  { before, after, limit }: Omit<HistoryRequest, 'ref'>,
  budget: ReadingBudget,
): Promise<ServerEvent[]> {
  // The client knows a seq above the head, so what it has seen is from another log, such as one before a restore.
  if (after !== undefined && after > head.seq) {
    const newest = await newestMessages(ports, head, { before: undefined, limit, budget });
    const end = historyEnd(newest);
    // Entries that were committed during the read are included; entries that are still being written will be published.
    const from = Math.min(after, Math.max(head.seq, end.head) + 1);
    return [...newest.slice(0, -1), { ...end, recovered: false, gap: { from, to: after } }];
  }
  return after === undefined
    ? newestMessages(ports, head, { before, limit, budget })
    : entriesAfter(ports, head, { after, limit, budget });
}

function historyEnd(events: ServerEvent[]): Extract<ServerEvent, { type: 'history_end' }> {
  return events.at(-1) as Extract<ServerEvent, { type: 'history_end' }>;
}

async function newestMessages(
  ports: HistoryPorts,
  head: Head,
  { before, limit, budget }: { before: number | undefined; limit: number; budget: ReadingBudget },
): Promise<ServerEvent[]> {
  const query = { roomId: head.roomId, limit, select: isMessage, budget };
  const { entries, hasMore, isCut, reached, completeTo } = await readBackward(
    ports,
    before === undefined ? { ...query, head } : query,
    before ?? Number.MAX_SAFE_INTEGER,
  );
  const first = isCut ? reached : entries[0]?.seq;
  const viewAttachments = await viewAttachmentsOf(ports, entries);
  return [
    ...entries.map((entry) => chatMessage(entry, viewAttachments)),
    {
      type: 'history_end',
      room_id: head.roomId,
      first_seq: hasMore ? (first ?? null) : head.seq === 0 ? null : 1,
      head: before === undefined ? completeTo : head.seq,
      has_more: hasMore,
      recovered: true,
    },
  ];
}

async function entriesAfter(
  ports: HistoryPorts,
  head: Head,
  { after, limit, budget }: { after: number; limit: number; budget: ReadingBudget },
): Promise<ServerEvent[]> {
  const query = { roomId: head.roomId, limit, select: isVisible, head, budget };
  // A client that has seen the head has missed nothing: later entries are posted to it.
  const page =
    after === head.seq
      ? { entries: [], hasMore: false, completeTo: head.seq }
      : await readForward(ports, query, after);
  const events = await eventsWithin(ports, head.roomId, page.entries, budget.bytes);
  const firstOmitted = page.entries[events.length];
  const hasMore = page.hasMore || firstOmitted !== undefined;
  return [
    ...events,
    {
      type: 'history_end',
      room_id: head.roomId,
      first_seq: page.entries.length === 0 && !hasMore ? null : after + 1,
      head: firstOmitted === undefined ? page.completeTo : Math.min(page.completeTo, firstOmitted.seq - 1),
      has_more: hasMore,
      recovered: true,
    },
  ];
}

/** How many messages are read in one request, for the current content that edits carry. */
const targetsPerRequest = 25;

/**
 * Returns the events of as many of these entries as fit into `maxBytes`, at least one. The entry of an edit is small, but
 * its event carries the message's content, so the events are counted again here.
 */
async function eventsWithin(
  ports: Pick<HistoryPorts, 'log' | 'files'>,
  roomId: string,
  entries: readonly Exclude<LogEntry, { kind: 'void' }>[],
  maxBytes: number,
): Promise<ServerEvent[]> {
  const viewAttachments = await viewAttachmentsOf(ports, entries);
  const events: ServerEvent[] = [];
  const targets = new Map<number, MessageEntry | undefined>();
  let bytes = 0;
  for (const [index, entry] of entries.entries()) {
    if (entry.kind === 'edit' && !targets.has(entry.targetSeq)) {
      const next = unknownTargets(entries.slice(index), targets).slice(0, targetsPerRequest);
      const found = await findTargets(ports, roomId, next);
      for (const { targetSeq } of next) targets.set(targetSeq, found.get(targetSeq));
    }
    const target = 'targetSeq' in entry ? targets.get(entry.targetSeq) : undefined;
    const event = entryEvent(entry, target, viewAttachments);
    bytes += Buffer.byteLength(toFrame(event));
    if (events.length > 0 && bytes > maxBytes) break;
    events.push(event);
  }
  return events;
}

/** Returns one edit for each edited message that has not been read yet. */
function unknownTargets(entries: readonly LogEntry[], known: ReadonlyMap<number, unknown>): ChangeEntry[] {
  const edits = new Map<number, ChangeEntry>();
  for (const entry of entries) {
    if (entry.kind !== 'edit' || known.has(entry.targetSeq) || edits.has(entry.targetSeq)) continue;
    edits.set(entry.targetSeq, entry);
  }
  return [...edits.values()];
}

/** Reads the messages that edits point at, by seq: the events of edits carry their current content. */
export async function findTargets(
  { log }: Pick<ReadPorts, 'log'>,
  roomId: string,
  entries: readonly LogEntry[],
): Promise<Map<number, MessageEntry>> {
  const keys = entries.flatMap((entry) => (entry.kind === 'edit' ? [{ roomId, seq: entry.targetSeq }] : []));
  if (keys.length === 0) return new Map();
  const targets = await log.getMany(keys);
  return new Map(targets.filter(isMessage).map((target) => [target.seq, target]));
}
