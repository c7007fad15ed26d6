/**
 * The part of a room's log that this client knows. Pure functions turn events, which may be reordered, doubled or lost,
 * into one ordered list of messages, and find what is missing from it.
 */
import { deletedContent } from '../../shared/contract/wire-constants.ts';
import type { Message } from './contract/entities.ts';
import type { EventOf, ServerEvent } from './contract/events.ts';
import { lastIndex, spliced } from './lists.ts';

export type LogEvent =
  Extract<ServerEvent, { seq: number }> extends infer E ? Exclude<E, EventOf<'ack'>> : never;

/** The range of history that a `history` or `join` command asks for. */
export type HistoryRequest =
  | { kind: 'newest'; limit: number }
  | { kind: 'after'; after: number; limit: number }
  | { kind: 'before'; before: number; limit: number };

type Change = { kind: 'deleted' } | { kind: 'edited'; content: string; edited_at: string; seq: number };

export interface RoomLog {
  /** All known messages by rising seq, including those below `floor`, which are not shown. */
  readonly messages: readonly Message[];
  /** The last change of each message by message id, also of messages that are not known yet. */
  readonly changes: ReadonlyMap<string, Change>;
  /** The seq up to which nothing is missing since the first page; undefined until there was a page. */
  readonly frontier: number | undefined;
  /** The known seqs above the frontier, rising. */
  readonly beyond: readonly number[];
  /** The highest seq that the room is known to have reached. */
  readonly head: number;
  /** The seq from which on every message up to the frontier is known. */
  readonly floor: number;
  /** Whether the server has older messages. */
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

/** Returns the log of a room as it was stored. */
export function storedLog({
  messages,
  frontier,
  floor,
  hasOlder,
}: Pick<RoomLog, 'messages' | 'floor' | 'hasOlder'> & { frontier: number }): RoomLog {
  return { ...emptyLog, messages, frontier, floor, hasOlder, head: frontier };
}

export function isLogEvent(event: ServerEvent): event is LogEvent {
  return 'seq' in event && event.type !== 'ack';
}

/** Returns the messages to show, oldest first: those without a gap between them. */
export function shownMessages({ messages, floor }: RoomLog): readonly Message[] {
  const first = messages.findIndex(({ seq }) => seq >= floor);
  if (first === 0) return messages;
  return first === -1 ? [] : messages.slice(first);
}

/** Returns what to request so that nothing is missing up to the head; undefined when nothing is. */
export function missing({
  frontier,
  head,
}: RoomLog): { kind: 'newest' } | { kind: 'after'; after: number } | undefined {
  if (frontier === undefined) return { kind: 'newest' };
  return head > frontier ? { kind: 'after', after: frontier } : undefined;
}

/** Records that the room has reached that seq, although its entry is not known. */
export function raiseHead(log: RoomLog, head: number): RoomLog {
  return head > log.head ? { ...log, head } : log;
}

export function applyEvent(log: RoomLog, event: LogEvent): RoomLog {
  const extended = addSeq(log, event.seq);
  switch (event.type) {
    case 'chat_message': {
      const { type: _, message: content, ...rest } = event;
      return withMessage(extended, { ...rest, content });
    }
    case 'message_edited': {
      const { new_content: content, edited_at, seq } = event;
      return withChange(extended, event.message_id, { kind: 'edited', content, edited_at, seq });
    }
    case 'message_deleted':
      return withChange(extended, event.message_id, { kind: 'deleted' });
    case 'member_added':
    case 'member_updated':
    case 'member_removed':
    case 'room_updated':
    case 'room_deleted':
    default:
      // Also an entry of a kind that only later releases know: it changes no message, but it is not missing.
      return extended;
  }
}

/** Adds a message from an HTTP response, or the user's own message after its `ack`. */
export function applyMessage(log: RoomLog, message: Message): RoomLog {
  return withMessage(addSeq(log, message.seq), message);
}

/** Marks a message as deleted after the user deleted it over HTTP. */
export function applyDeletion(log: RoomLog, messageId: string): RoomLog {
  return withChange(log, messageId, { kind: 'deleted' });
}

/**
 * Completes an answer whose events have all been applied. Returns an empty log when the server could not send
 * everything that was missed.
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
      // The log was emptied after the request.
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
 * Moves the frontier after a page that is not the last one. A full page has the first `limit` entries after a seq.
 * Other events may have arrived in between, so the page is sure to reach only up to the `limit`-th known entry. A page
 * with fewer entries ended because the server stops after a bounded number of reads: it reaches up to its `head`, and
 * more entries follow.
 */
function applyPageAfter(
  log: RoomLog,
  { after, limit }: { after: number; limit: number },
  head: number,
): RoomLog {
  const { frontier = 0, beyond } = log;
  const countBelowFrontier = Math.max(0, frontier - after);
  const isFull = limit <= countBelowFrontier || beyond.length >= limit - countBelowFrontier;
  if (!isFull) return raiseHead(advance(log, head), head + 1);
  const last = beyond[limit - countBelowFrontier - 1] ?? frontier;
  return advance(log, Math.min(head, last));
}

/** Moves the frontier to `completeTo`: entries up to there that the server did not send are void. */
function advance(log: RoomLog, completeTo: number): RoomLog {
  let frontier = Math.max(log.frontier ?? 0, completeTo);
  let passed = 0;
  while (passed < log.beyond.length && (log.beyond[passed] as number) <= frontier + 1) {
    frontier = Math.max(frontier, log.beyond[passed] as number);
    passed += 1;
  }
  return { ...log, frontier, beyond: log.beyond.slice(passed), head: Math.max(log.head, frontier) };
}

function addSeq(log: RoomLog, seq: number): RoomLog {
  const { frontier, beyond } = log;
  if (frontier !== undefined && seq <= frontier) return log;
  const index = insertionIndex(beyond, seq, (known) => known);
  if (beyond[index] === seq) return log;
  const extended = { ...log, beyond: spliced(beyond, index, 0, seq), head: Math.max(log.head, seq) };
  return frontier === undefined ? extended : advance(extended, frontier);
}

function withMessage(log: RoomLog, message: Message): RoomLog {
  const index = insertionIndex(log.messages, message.seq, ({ seq }) => seq);
  const known = log.messages[index]?.seq === message.seq ? log.messages[index] : undefined;
  const change = log.changes.get(message.message_id);
  const incoming = message.is_deleted ? asDeleted(message) : message;
  const merged = applyChange(known === undefined ? incoming : newerOf(known, incoming), change);
  if (merged === known) return log;
  return { ...log, messages: spliced(log.messages, index, known === undefined ? 0 : 1, merged) };
}

function withChange(log: RoomLog, messageId: string, change: Change): RoomLog {
  const before = log.changes.get(messageId);
  if (before !== undefined && !supersedes(change, before)) return log;
  const changes = new Map(log.changes).set(messageId, change);
  const index = lastIndex(log.messages, ({ message_id }) => message_id === messageId);
  const message = log.messages[index];
  if (message === undefined) return { ...log, changes };
  return { ...log, changes, messages: spliced(log.messages, index, 1, applyChange(message, change)) };
}

function supersedes(change: Change, before: Change): boolean {
  if (before.kind === 'deleted') return false;
  if (change.kind === 'deleted') return true;
  return change.edited_at === before.edited_at
    ? change.seq > before.seq
    : change.edited_at > before.edited_at;
}

function newerOf(known: Message, incoming: Message): Message {
  if (known.is_deleted) return known;
  if (incoming.is_deleted || (incoming.edited_at ?? '') > (known.edited_at ?? '')) return incoming;
  // The addresses of attachments that arrive later end later.
  const { attachments } = incoming;
  const isFresh = attachments !== undefined && attachments[0]?.url !== known.attachments?.[0]?.url;
  return isFresh ? { ...known, attachments } : known;
}

function applyChange(message: Message, change: Change | undefined): Message {
  if (change === undefined || message.is_deleted) return message;
  if (change.kind === 'deleted') return asDeleted(message);
  const { content, edited_at } = change;
  const isOlder = edited_at < (message.edited_at ?? '');
  const isSame = edited_at === message.edited_at && content === message.content;
  return isOlder || isSame ? message : { ...message, content, edited_at };
}

/** Clears `edited_at`: a `message_deleted` event does not have it, and every source has to give the same message. */
function asDeleted({ ...message }: Message): Message {
  delete message.attachments;
  return { ...message, content: deletedContent, edited_at: null, is_deleted: true };
}

/** Returns the index of `seq` in a rising list, or the index at which it belongs. */
function insertionIndex<T>(list: readonly T[], seq: number, seqOf: (item: T) => number): number {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (seqOf(list[middle] as T) < seq) from = middle + 1;
    else to = middle;
  }
  return from;
}
