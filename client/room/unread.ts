/**
 * How many messages are behind one's own read marker: neither one's own nor deleted ones count, for the server as for
 * this client. What the server counted, and what arrived since; counted here alone where every message is known.
 */
import type { Message } from '../../shared/contract/entities.ts';
import { shownMessages, type RoomLog } from '../room-log.ts';

/** What the server said of the marker, and of the messages behind it at that time. */
export interface ReadMarker {
  message_id: string | null;
  unread_count: number;
  /** The last message that was counted. */
  counted_to: number;
}

export function countUnread(
  log: RoomLog,
  marker: ReadMarker | undefined,
  userId: string | undefined,
): number {
  if (marker === undefined) return 0;
  const messages = shownMessages(log);
  const counts = (message: Message): boolean => message.sender_id !== userId && !message.is_deleted;
  const at = messages.findLastIndex(({ message_id }) => message_id === marker.message_id);
  const isWholeKnown = at !== -1 || (marker.message_id === null && !log.hasOlder);
  if (isWholeKnown) return messages.slice(at + 1).filter(counts).length;
  const since = messages.filter((message) => message.seq > marker.counted_to && counts(message));
  return marker.unread_count + since.length;
}

/** The marker without a message that is about to be deleted; `unknown` when only the server can tell whether it counted. */
export function withoutDeleted(
  log: RoomLog,
  marker: ReadMarker,
  { messageId, userId }: { messageId: string; userId: string | undefined },
): ReadMarker | 'unknown' {
  const target = log.messages.find(({ message_id }) => message_id === messageId);
  if (target === undefined) return 'unknown';
  const read = log.messages.find(({ message_id }) => message_id === marker.message_id)?.seq ?? 0;
  const counted = target.seq > read && target.seq <= marker.counted_to;
  if (!counted || target.is_deleted || target.sender_id === userId) return marker;
  return { ...marker, unread_count: Math.max(0, marker.unread_count - 1) };
}

/** The marker after it moved, on this device or another one; the same when it did not move forward. */
export function moveMarker(log: RoomLog, marker: ReadMarker | undefined, messageId: string): ReadMarker {
  const seqOf = (id: string | null): number =>
    log.messages.findLast(({ message_id }) => message_id === id)?.seq ?? 0;
  if (marker !== undefined && seqOf(messageId) <= seqOf(marker.message_id)) return marker;
  return { message_id: messageId, unread_count: 0, counted_to: log.messages.at(-1)?.seq ?? 0 };
}
