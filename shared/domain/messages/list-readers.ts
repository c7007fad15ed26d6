/** How far each member of a room has read. */
import type { Reader } from '../../contract/entities.ts';
import type { Caller } from '../model.ts';
import type { MemberStore, RoomStore } from '../ports/rooms.ts';
import { findRoomFor } from '../rooms/find-room.ts';
import { viewReader } from '../views.ts';

/** As many as one answer can hold; read status of a larger room is not something to list. */
const readersListed = 1_000;

/** Members without a marker have nulls. Throws `not_found`. */
export async function listReaders(
  ports: { rooms: RoomStore; members: MemberStore },
  caller: Caller,
  roomId: string,
): Promise<Reader[]> {
  await findRoomFor('readMessages', ports, roomId, caller.userId);
  const { items } = await ports.members.list(roomId, readersListed, undefined);
  return items.map(viewReader);
}
