/**
 * A room's log as one client knows it: events in any order, doubled or missing, become one ordered list of messages
 * and what must be asked for. Pure; it knows nothing of sockets, time or requests.
 */
import type { Message } from '../shared/contract/entities.ts';
import type { EventOf, ServerEvent } from '../shared/contract/websocket/events.ts';

export type LogEvent =
  Extract<ServerEvent, { seq: number }> extends infer E ? Exclude<E, EventOf<'ack'>> : never;

/** What `history` or `join` was asked for. */
export type HistoryRequest =
  | { kind: 'newest'; limit: number }
  | { kind: 'after'; after: number; limit: number }
  | { kind: 'before'; before: number; limit: number };

type Change = { kind: 'deleted' } | { kind: 'edited'; content: string; edited_at: string; seq: number };

export interface RoomLog {
  /** Every message that is known, by seq; also those that are older than what may be shown without a gap. */
  readonly messages: readonly Message[];
  /** The last change of each message, also of those that are not here yet. */
  readonly changes: ReadonlyMap<string, Change>;
  /** Nothing is missing between the first page and here; undefined until there was a page. */
  readonly frontier: number | undefined;
  /** Seqs known beyond the frontier, rising. */
  readonly beyond: readonly number[];
  /** The highest seq that the room is known to have reached. */
  readonly head: number;
  /** Every message from here on is known. */
  readonly floor: number;
  readonly hasOlder: boolean;
}

export const emptyLog: RoomLog = {
  messages: [],
  changes: new Map(),
  frontier: undefined,
  beyond: [],
  head: 0,
  floor: Number.POSITIVE_INFINITY,
  hasOlder: false,
};

/** What the contract puts in place of a deleted message's content. */
export const deletedContent = 'This message has been deleted';

export function isLogEvent(event: ServerEvent): event is LogEvent {
  return 'seq' in event && event.type !== 'ack';
}

/** The messages to show, oldest first. */
export function shownMessages({ messages, floor }: RoomLog): readonly Message[] {
  const first = messages.findIndex(({ seq }) => seq >= floor);
  if (first === 0) return messages;
  return first === -1 ? [] : messages.slice(first);
}

/** What to ask for next, so that nothing is missing up to the head; undefined when nothing is. */
export function missing({
  frontier,
  head,
}: RoomLog): { kind: 'newest' } | { kind: 'after'; after: number } | undefined {
  if (frontier === undefined) return { kind: 'newest' };
  return head > frontier ? { kind: 'after', after: frontier } : undefined;
}

/** The room has reached that seq, whatever was there. */
export function noteHead(log: RoomLog, head: number): RoomLog {
  return head > log.head ? { ...log, head } : log;
}

export function applyEvent(log: RoomLog, event: LogEvent): RoomLog {
  const noted = noteSeq(log, event.seq);
  switch (event.type) {
    case 'chat_message': {
      const { type: _, message: content, ...rest } = event;
      return withMessage(noted, { ...rest, content });
    }
    case 'message_edited': {
      const { new_content: content, edited_at, seq } = event;
      return withChange(noted, event.message_id, { kind: 'edited', content, edited_at, seq });
    }
    case 'message_deleted':
      return withChange(noted, event.message_id, { kind: 'deleted' });
    case 'member_added':
    case 'member_updated':
    case 'member_removed':
    case 'room_updated':
    case 'room_deleted':
      return noted;
  }
}

/** A message as an answer over HTTP, or an `ack` of one's own, tells of it. */
export function applyMessage(log: RoomLog, message: Message): RoomLog {
  return withMessage(noteSeq(log, message.seq), message);
}

/** One's own message was deleted over HTTP. */
export function applyDeletion(log: RoomLog, messageId: string): RoomLog {
  return withChange(log, messageId, { kind: 'deleted' });
}

/**
 * The end of an answer, when all of its events have been applied. When the server could not bring everything, the
 * log starts anew.
 */
export function applyHistoryEnd(log: RoomLog, request: HistoryRequest, end: EventOf<'history_end'>): RoomLog {
  if (!end.recovered) return emptyLog;
  switch (request.kind) {
    case 'newest': {
      const floor = end.has_more ? (end.first_seq ?? end.head + 1) : 1;
      return advance({ ...log, floor, hasOlder: end.has_more }, end.head);
    }
    case 'before': {
      const floor = end.has_more ? Math.min(log.floor, end.first_seq ?? log.floor) : 1;
      return { ...log, floor, hasOlder: end.has_more };
    }
    case 'after':
      // The log started anew since that was asked.
      if (log.frontier === undefined) return log;
      return end.has_more ? applyPageAfter(log, request, end.head) : advance(log, end.head);
  }
}

/** Returns the log as before the first page; older pages bring back the messages that were known. */
export function withoutPages(log: RoomLog): RoomLog {
  return {
    ...log,
    messages: [],
    frontier: undefined,
    beyond: [],
    floor: Number.POSITIVE_INFINITY,
    hasOlder: false,
  };
}

/**
 * A full page holds the first `limit` entries after a seq. Events that came in between may be further on, so the
 * page reaches at least up to the entry that is known as the `limit`-th. A page with fewer entries ended because the
 * server had read enough: then it reaches up to its `head`, and there is an entry behind that.
 */
function applyPageAfter(
  log: RoomLog,
  { after, limit }: { after: number; limit: number },
  head: number,
): RoomLog {
  const { frontier = 0, beyond } = log;
  const alreadyPassed = Math.max(0, frontier - after);
  const isFull = limit <= alreadyPassed || beyond.length >= limit - alreadyPassed;
  if (!isFull) return noteHead(advance(log, head), head + 1);
  const last = beyond[limit - alreadyPassed - 1] ?? frontier;
  return advance(log, Math.min(head, last));
}

/** Nothing is missing up to `settled`: what was not sent of it is void. */
function advance(log: RoomLog, settled: number): RoomLog {
  let frontier = Math.max(log.frontier ?? 0, settled);
  let passed = 0;
  while (passed < log.beyond.length && (log.beyond[passed] as number) <= frontier + 1) {
    frontier = Math.max(frontier, log.beyond[passed] as number);
    passed += 1;
  }
  return { ...log, frontier, beyond: log.beyond.slice(passed), head: Math.max(log.head, frontier) };
}

function noteSeq(log: RoomLog, seq: number): RoomLog {
  const { frontier, beyond } = log;
  if (frontier !== undefined && seq <= frontier) return log;
  const at = position(beyond, seq, (known) => known);
  if (beyond[at] === seq) return log;
  const noted = { ...log, beyond: beyond.toSpliced(at, 0, seq), head: Math.max(log.head, seq) };
  return frontier === undefined ? noted : advance(noted, frontier);
}

function withMessage(log: RoomLog, message: Message): RoomLog {
  const at = position(log.messages, message.seq, ({ seq }) => seq);
  const known = log.messages[at]?.seq === message.seq ? log.messages[at] : undefined;
  const change = log.changes.get(message.message_id);
  const incoming = message.is_deleted ? deleted(message) : message;
  const merged = changed(known === undefined ? incoming : newer(known, incoming), change);
  if (merged === known) return log;
  return { ...log, messages: log.messages.toSpliced(at, known === undefined ? 0 : 1, merged) };
}

function withChange(log: RoomLog, messageId: string, change: Change): RoomLog {
  const before = log.changes.get(messageId);
  if (before !== undefined && !supersedes(change, before)) return log;
  const changes = new Map(log.changes).set(messageId, change);
  const at = log.messages.findLastIndex(({ message_id }) => message_id === messageId);
  const message = log.messages[at];
  if (message === undefined) return { ...log, changes };
  return { ...log, changes, messages: log.messages.with(at, changed(message, change)) };
}

function supersedes(change: Change, before: Change): boolean {
  if (before.kind === 'deleted') return false;
  if (change.kind === 'deleted') return true;
  return change.edited_at === before.edited_at
    ? change.seq > before.seq
    : change.edited_at > before.edited_at;
}

function newer(known: Message, incoming: Message): Message {
  if (known.is_deleted) return known;
  return incoming.is_deleted || (incoming.edited_at ?? '') > (known.edited_at ?? '') ? incoming : known;
}

function changed(message: Message, change: Change | undefined): Message {
  if (change === undefined || message.is_deleted) return message;
  if (change.kind === 'deleted') return deleted(message);
  const { content, edited_at } = change;
  const isOlder = edited_at < (message.edited_at ?? '');
  const isSame = edited_at === message.edited_at && content === message.content;
  return isOlder || isSame ? message : { ...message, content, edited_at };
}

/** The same whichever way the client learnt of it: that it had been edited before is told in some of them only. */
function deleted(message: Message): Message {
  return { ...message, content: deletedContent, edited_at: null, is_deleted: true };
}

/** Where `seq` is in a rising list, or would have to be. */
function position<T>(list: readonly T[], seq: number, seqOf: (item: T) => number): number {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (seqOf(list[middle] as T) < seq) from = middle + 1;
    else to = middle;
  }
  return from;
}
