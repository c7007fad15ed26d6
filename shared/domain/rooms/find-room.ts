/** Finds a room for a caller: with their membership, and after checking that they may do what they are about to do. */
import type { Room as RoomView } from '../../contract/entities.ts';
import { authorize, type RoomAction } from '../access.ts';
import { ChatError } from '../chat-error.ts';
import type { Caller } from '../model/accounts.ts';
import type { Head, Member, Room } from '../model/rooms.ts';
import type { RoomStore } from '../ports/rooms.ts';
import { viewRoom } from '../views.ts';
import { findPeer, type PeerPorts } from './peers.ts';

/** A room as one user may access it; `member` is undefined for a user who is no member. */
export interface RoomAccess {
  room: Room;
  head: Head;
  member: Member | undefined;
}

type FindRoomPorts = { rooms: Pick<RoomStore, 'getWithMember'> };

/** Costs one request. @throws ChatError `not_found`, `forbidden`. */
export async function findRoomFor(
  action: RoomAction,
  { rooms }: FindRoomPorts,
  roomId: string,
  userId: string,
): Promise<RoomAccess> {
  const found = await rooms.getWithMember(roomId, userId);
  if (found === undefined) throw new ChatError('not_found');
  authorize(action, found.room, userId, found.member);
  return found;
}

/** @throws ChatError `not_found`. */
export async function getRoom(
  ports: FindRoomPorts & PeerPorts,
  caller: Caller,
  roomId: string,
): Promise<RoomView> {
  const { room, head } = await findRoomFor('seeRoom', ports, roomId, caller.userId);
  return viewRoom(room, head, await findPeer(ports, caller.userId, room));
}
