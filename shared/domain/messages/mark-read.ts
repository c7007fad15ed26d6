/** The read marker: forward only, on a message; one write, however many messages it passes. */
import type { ReadState } from '../../contract/entities.ts';
import { ChatError } from '../chat-error.ts';
import { decodeMessageId } from '../message-id.ts';
import type { Caller, Member } from '../model.ts';
import type { LogStore } from '../ports/log.ts';
import type { MemberStore, RoomStore } from '../ports/rooms.ts';
import type { UnreadStore } from '../ports/unread.ts';
import type { Clock } from '../ports/system.ts';
import { ensureMember } from '../rooms/ensure-member.ts';
import { lastReadMessageId } from '../views.ts';
import { findRoomFor } from '../rooms/find-room.ts';
import { countUnread, type UnreadPorts } from './unread.ts';

export interface ReadMarkPorts {
  log: LogStore;
  members: MemberStore;
  rooms: RoomStore;
  clock: Clock;
}

/**
 * Moves the marker of a user who may read the room. `join` is called for one who does not belong to it yet, and only once
 * the message has been found: a request that is refused changes nothing. Undefined for a user who does not belong to it.
 * @throws ChatError `not_found` when that is no message of this room.
 */
export async function moveMarker(
  { log, members, clock }: Pick<ReadMarkPorts, 'log' | 'members' | 'clock'>,
  { roomId, userId, messageId }: { roomId: string; userId: string; messageId: string },
  join?: () => Promise<void>,
): Promise<Member | undefined> {
  const target = decodeMessageId(messageId);
  if (target.roomId !== roomId) throw new ChatError('not_found');
  const entry = await log.get(roomId, target.seq);
  if (entry?.kind !== 'message') throw new ChatError('not_found');
  await join?.();
  const marked = await members.markRead(roomId, userId, {
    seq: entry.seq,
    taken: entry.taken,
    at: clock.now(),
  });
  return marked?.member;
}

/** Over HTTP: with the right to it, and the count that is left. Throws `not_found`. */
export async function markRead(
  ports: ReadMarkPorts & UnreadPorts & { unread: Pick<UnreadStore, 'getHead'> },
  caller: Caller,
  roomId: string,
  messageId: string,
): Promise<ReadState> {
  const { room, member } = await findRoomFor('markRead', ports, roomId, caller.userId);
  const join = () => ensureMember(ports, room, member, caller);
  const { userId } = caller;
  const [marked, now] = await Promise.all([
    moveMarker(ports, { roomId, userId, messageId }, join),
    ports.unread.getHead(roomId, userId),
  ]);
  const marker = marked?.lastRead;
  return {
    last_read_message_id: lastReadMessageId(marked),
    unread_count: await countUnread(ports, { userId, head: now?.head, own: now?.own, marker }),
  };
}
