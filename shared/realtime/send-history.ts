/** Bringing one socket up to date: the newest messages, or every entry after a seq, closed by `history_end`. */
import type { ServerEvent } from '../contract/websocket/events.ts';
import {
  isMessage,
  isVisible,
  readBackward,
  readForward,
  type ReadPorts,
} from '../domain/messages/read-log.ts';
import type { Head, LogEntry, MessageEntry } from '../domain/model.ts';
import { chatMessage, entryEvent } from './frames.ts';

export interface HistoryWish {
  before?: number | undefined;
  after?: number | undefined;
  limit: number;
  /** Returned in `history_end`, so that the client can tell which command it answers. */
  ref?: string | undefined;
}

/** The events in the order in which they are to be sent. */
export async function historyEvents(
  ports: ReadPorts,
  head: Head,
  { ref, ...page }: HistoryWish,
): Promise<ServerEvent[]> {
  const events = await pageOfHistory(ports, head, page);
  return ref === undefined ? events : [...events.slice(0, -1), { ...historyEnd(events), ref }];
}

async function pageOfHistory(
  ports: ReadPorts,
  head: Head,
  { before, after, limit }: Omit<HistoryWish, 'ref'>,
): Promise<ServerEvent[]> {
  // A client that has seen more than there is was talking to another log: it starts anew.
  if (after !== undefined && after > head.seq) {
    const fresh = await newestMessages(ports, head, undefined, limit);
    const end = historyEnd(fresh);
    // What was committed while it was read is there; what was still being written below the head will be.
    const from = Math.min(after, Math.max(head.seq, end.head) + 1);
    return [...fresh.slice(0, -1), { ...end, recovered: false, gap: { from, to: after } }];
  }
  return after === undefined
    ? newestMessages(ports, head, before, limit)
    : entriesAfter(ports, head, after, limit);
}

function historyEnd(events: ServerEvent[]): Extract<ServerEvent, { type: 'history_end' }> {
  return events.at(-1) as Extract<ServerEvent, { type: 'history_end' }>;
}

async function newestMessages(
  ports: ReadPorts,
  head: Head,
  before: number | undefined,
  limit: number,
): Promise<ServerEvent[]> {
  const reading = { roomId: head.roomId, limit, wants: isMessage };
  const { entries, hasMore, settled } = await readBackward(
    ports,
    before === undefined ? { ...reading, head } : reading,
    before ?? Number.MAX_SAFE_INTEGER,
  );
  const first = entries[0]?.seq;
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
  after: number,
  limit: number,
): Promise<ServerEvent[]> {
  const reading = { roomId: head.roomId, limit, wants: isVisible, head };
  // Whoever came back to a room where nothing happened need not look: what comes after the head is posted to them.
  const { entries, hasMore, settled } =
    after === head.seq
      ? { entries: [], hasMore: false, settled: head.seq }
      : await readForward(ports, reading, after);
  const targets = await findTargets(ports, head.roomId, entries);
  return [
    ...entries.map((entry) =>
      entryEvent(entry, 'targetSeq' in entry ? targets.get(entry.targetSeq) : undefined),
    ),
    {
      type: 'history_end',
      room_id: head.roomId,
      first_seq: entries.length === 0 ? null : after + 1,
      head: settled,
      has_more: hasMore,
      recovered: true,
    },
  ];
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
