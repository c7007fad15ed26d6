/** Finding a room for somebody: with their standing in it, and their right to what they are about to do. */
import { authorize, type RoomAction } from '../access.ts';
import { ChatError } from '../chat-error.ts';
import type { Head, Member, Room } from '../model.ts';
import type { RoomStore } from '../ports/rooms.ts';

export interface RoomAccess {
  room: Room;
  head: Head;
  member: Member | undefined;
}

/** One request. Throws `not_found`, `forbidden`. */
export async function findRoomFor(
  action: RoomAction,
  { rooms }: { rooms: RoomStore },
  roomId: string,
  userId: string,
): Promise<RoomAccess> {
  const found = await rooms.getWithMember(roomId, userId);
  if (found === undefined) throw new ChatError('not_found');
  authorize(action, found.room, userId, found.member);
  return found;
}
