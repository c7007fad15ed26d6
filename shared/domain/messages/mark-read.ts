/** The read marker: forward only, on a message; one write, however many messages it passes. */
import type { ReadState } from '../../contract/entities.ts';
import { ChatError } from '../chat-error.ts';
import { decodeMessageId } from '../message-id.ts';
import type { Caller, Member } from '../model.ts';
import type { LogStore } from '../ports/log.ts';
import type { MemberStore, RoomStore } from '../ports/rooms.ts';
import type { Clock } from '../ports/world.ts';
import { belong } from '../rooms/belong.ts';
import { lastReadMessageId, unreadCount } from '../views.ts';
import { findRoomFor } from '../rooms/find-room.ts';

export interface ReadMarkPorts {
  log: LogStore;
  members: MemberStore;
  rooms: RoomStore;
  clock: Clock;
}

/**
 * Moves the marker for somebody who is known to be in the room. Undefined when they do not belong to it.
 * Throws `not_found` when that is no message of this room.
 */
export async function moveMarker(
  { log, members, clock }: Pick<ReadMarkPorts, 'log' | 'members' | 'clock'>,
  { roomId, userId, messageId }: { roomId: string; userId: string; messageId: string },
): Promise<Member | undefined> {
  const target = decodeMessageId(messageId);
  if (target.roomId !== roomId) throw new ChatError('not_found');
  const entry = await log.get(roomId, target.seq);
  if (entry?.kind !== 'message') throw new ChatError('not_found');
  const marked = await members.markRead(roomId, userId, {
    seq: entry.seq,
    taken: entry.taken,
    at: clock.now(),
  });
  return marked?.member;
}

/** Over HTTP: with the right to it, and the count that is left. Throws `not_found`. */
export async function markRead(
  ports: ReadMarkPorts,
  caller: Caller,
  roomId: string,
  messageId: string,
): Promise<ReadState> {
  const { room, member } = await findRoomFor('markRead', ports, roomId, caller.userId);
  await belong(ports, room, member, caller);
  const [marked, head] = await Promise.all([
    moveMarker(ports, { roomId, userId: caller.userId, messageId }),
    ports.rooms.head(roomId),
  ]);
  return {
    last_read_message_id: lastReadMessageId(marked),
    unread_count: unreadCount(head, marked?.lastRead),
  };
}
