/** Deletes a room: it disappears at once, and the table stream's function purges what it contained. */
import { appendEntry, type AppendInput } from '../messages/append-entry.ts';
import { newRoomEntry } from '../messages/new-entry.ts';
import type { Caller } from '../model/accounts.ts';
import type { Room } from '../model/rooms.ts';
import type { LogStore } from '../ports/log.ts';
import type { RoomStore } from '../ports/rooms.ts';
import type { Clock } from '../ports/system.ts';
import { chargeFanOut } from '../rate-limits/charges.ts';
import type { UserBudget } from '../rate-limits/user-budget.ts';
import { findRoomFor } from './find-room.ts';
import { stillAllowed } from './verify-access.ts';

/** @throws ChatError `not_found`, `forbidden`. */
export async function deleteRoom(
  ports: { rooms: RoomStore; log: LogStore; clock: Clock; budget: Pick<UserBudget, 'charge'> },
  caller: Caller,
  roomId: string,
): Promise<void> {
  const { room, head } = await findRoomFor('deleteRoom', ports, roomId, caller.userId);
  const verify = stillAllowed(ports, { action: 'deleteRoom', roomId, userId: caller.userId });
  await markRoomDeleted(ports, room, verify);
  await chargeFanOut(ports.budget, caller.userId, head);
}

/** @throws ChatError `not_found` when the room had been deleted before. */
export async function markRoomDeleted(
  ports: { rooms: Pick<RoomStore, 'markDeleted'>; log: LogStore; clock: Clock },
  room: Room,
  verify?: AppendInput['verify'],
): Promise<void> {
  const { roomId } = room;
  const at = ports.clock.now();
  await appendEntry(ports.log, { roomId, forMessage: false, at, verify }, async (head) => {
    const entry = newRoomEntry(head, 'room_deleted', room);
    return (await ports.rooms.markDeleted(room, entry)) ? 'deleted' : 'seq_taken';
  });
}
