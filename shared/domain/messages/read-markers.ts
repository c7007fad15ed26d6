/** Moves and lists read markers. A marker moves forward only, by one write, however many messages it passes. */
import type { Reader, ReadState } from '../../contract/entities.ts';
import { ChatError } from '../chat-error.ts';
import type { WatchNewMembershipPorts } from '../inbox/watch-rooms.ts';
import { decodeMessageId } from '../message-id.ts';
import type { Caller } from '../model/accounts.ts';
import type { Head, Member, SeqSet } from '../model/rooms.ts';
import type { LogStore } from '../ports/log.ts';
import type { MemberStore, RoomStore } from '../ports/rooms.ts';
import type { Clock } from '../ports/system.ts';
import type { UnreadStore } from '../ports/unread.ts';
import { findRoomFor } from '../rooms/find-room.ts';
import { ensureMember } from '../rooms/membership/join-room.ts';
import { lastReadMessageId, viewReader } from '../views.ts';
import { getMessage } from './find-message.ts';
import { countUnread, type UnreadPorts } from './unread.ts';
import { waitForAll } from '../wait-for-all.ts';

export interface ReadMarkerPorts extends WatchNewMembershipPorts {
  log: LogStore;
  members: MemberStore;
  rooms: RoomStore;
  clock: Clock;
}

/**
 * Moves the marker of a user who may read the room; returns undefined for one who is no member. `join` makes the user a
 * member. It is called after the message has been found, so that a refused request changes nothing.
 * @throws ChatError `not_found` when the id is not of a message in this room.
 */
export async function moveMarker(
  { log, members, clock }: Pick<ReadMarkerPorts, 'log' | 'members' | 'clock'>,
  { roomId, userId, messageId }: { roomId: string; userId: string; messageId: string },
  join?: () => Promise<void>,
): Promise<Member | undefined> {
  const target = decodeMessageId(messageId);
  if (target.roomId !== roomId) throw new ChatError('not_found');
  const { seq, messageSeqs } = await getMessage({ log }, roomId, target.seq);
  await join?.();
  const marked = await members.markRead(roomId, userId, { seq, messageSeqs, at: clock.now() });
  return marked?.member;
}

/** Moves the caller's marker, and returns it with their unread count. @throws ChatError `not_found`. */
export async function markRead(
  ports: ReadMarkerPorts & UnreadPorts & { unread: Pick<UnreadStore, 'getHead'> },
  caller: Caller,
  roomId: string,
  messageId: string,
): Promise<ReadState> {
  const { room, member } = await findRoomFor('markRead', ports, roomId, caller.userId);
  const join = () => ensureMember(ports, room, member, caller);
  const { userId } = caller;
  const [marked, current] = await waitForAll([
    moveMarker(ports, { roomId, userId, messageId }, join),
    ports.unread.getHead(roomId, userId),
  ]);
  return viewReadState(ports, userId, marked, current);
}

/** Returns a marker with the number of messages after it. `current` is read after the marker, or with it. */
export async function viewReadState(
  ports: UnreadPorts,
  userId: string,
  member: Member | undefined,
  current: { head: Head; own: SeqSet } | undefined,
): Promise<ReadState> {
  const marker = member?.lastRead;
  return {
    last_read_message_id: lastReadMessageId(member),
    unread_count: await countUnread(ports, { userId, head: current?.head, own: current?.own, marker }),
  };
}

/** Bounds the list to what one answer can hold. */
const maxReadersListed = 1_000;

/** Lists how far each member has read. Members without a marker have nulls. @throws ChatError `not_found`. */
export async function listReaders(
  ports: Pick<ReadMarkerPorts, 'rooms' | 'members'>,
  caller: Caller,
  roomId: string,
): Promise<Reader[]> {
  await findRoomFor('readMessages', ports, roomId, caller.userId);
  const { items } = await ports.members.list(roomId, maxReadersListed, undefined);
  return items.map(viewReader);
}
