/**
 * Counts the messages after the user's read marker, as the server does: without the user's own and deleted messages.
 * If some messages after the marker are not known here, it adds newer messages to the server's count.
 */
import { lastIndex } from '../lists.ts';
import type { Message } from '../contract/entities.ts';
import { shownMessages, type RoomLog } from '../room-log.ts';

/** The user's marker in a room, with the server's count of the messages after it. */
export interface ReadMarker {
  message_id: string | null;
  unread_count: number;
  /** The seq of the last message that the server has counted. */
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
  const markerIndex = lastIndex(messages, ({ message_id }) => message_id === marker.message_id);
  const areAllKnown = markerIndex !== -1 || (marker.message_id === null && !log.hasOlder);
  if (areAllKnown) return messages.slice(markerIndex + 1).filter(counts).length;
  const since = messages.filter((message) => message.seq > marker.counted_to && counts(message));
  return marker.unread_count + since.length;
}

/**
 * Returns the marker with the count as it is after the message is deleted; `unknown` when only the server can tell
 * whether the message was counted. Call it before the deletion is applied to the log.
 */
export function markerAfterDeletion(
  log: RoomLog,
  marker: ReadMarker,
  { messageId, userId }: { messageId: string; userId: string | undefined },
): ReadMarker | 'unknown' {
  const target = log.messages.find(({ message_id }) => message_id === messageId);
  if (target === undefined) return 'unknown';
  const markerSeq = log.messages.find(({ message_id }) => message_id === marker.message_id)?.seq ?? 0;
  const wasCounted = target.seq > markerSeq && target.seq <= marker.counted_to;
  if (!wasCounted || target.is_deleted || target.sender_id === userId) return marker;
  return { ...marker, unread_count: Math.max(0, marker.unread_count - 1) };
}

/** Returns the marker after a move to that message; the same object when the move would not go forward. */
export function moveMarker(log: RoomLog, marker: ReadMarker | undefined, messageId: string): ReadMarker {
  const seqOf = (id: string | null): number =>
    log.messages[lastIndex(log.messages, ({ message_id }) => message_id === id)]?.seq ?? 0;
  if (marker !== undefined && seqOf(messageId) <= seqOf(marker.message_id)) return marker;
  return { message_id: messageId, unread_count: 0, counted_to: log.messages.at(-1)?.seq ?? 0 };
}
