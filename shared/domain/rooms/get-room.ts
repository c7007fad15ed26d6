/** One room, for somebody who may see it. */
import type { Room as RoomView } from '../../contract/entities.ts';
import type { Caller } from '../model.ts';
import type { RoomStore } from '../ports/rooms.ts';
import { viewRoom } from '../views.ts';
import { findRoomFor } from './find-room.ts';

/** Throws `not_found`. */
export async function getRoom(
  ports: { rooms: RoomStore },
  caller: Caller,
  roomId: string,
): Promise<RoomView> {
  const { room, head } = await findRoomFor('seeRoom', ports, roomId, caller.userId);
  return viewRoom(room, head);
}
