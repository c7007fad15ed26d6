/** Changing a room's name or description: its creator only, and an entry of its log. */
import type { Room as RoomView } from '../../contract/entities.ts';
import { ChatError } from '../chat-error.ts';
import { appendEntry, unusedSeq } from '../messages/append-entry.ts';
import type { Caller, RoomEntry } from '../model.ts';
import type { LogStore } from '../ports/log.ts';
import type { RoomStore } from '../ports/rooms.ts';
import type { Clock } from '../ports/world.ts';
import { viewRoom } from '../views.ts';
import { findRoomFor } from './find-room.ts';

/** Throws `not_found`, `forbidden`, `room_name_taken`. */
export async function updateRoom(
  ports: { rooms: RoomStore; log: LogStore; clock: Clock },
  caller: Caller,
  roomId: string,
  changes: { name: string | undefined; description: string | undefined },
): Promise<RoomView> {
  const { room, head } = await findRoomFor('updateRoom', ports, roomId, caller.userId);
  const changed = {
    ...room,
    name: changes.name ?? room.name,
    description: changes.description ?? room.description,
  };
  if (changed.name === room.name && changed.description === room.description) return viewRoom(room, head);
  const at = ports.clock.now();
  const { outcome } = await appendEntry(ports.log, { roomId, forMessage: false, at }, async (head) => {
    const view = viewRoom(changed, head);
    const entry: RoomEntry = {
      kind: 'room_updated',
      roomId,
      seq: head.seq,
      at,
      taken: head.taken,
      outbox: true,
      room: view,
    };
    try {
      return (await ports.rooms.update(changed, room, entry)) ? view : 'seq_taken';
    } catch (error) {
      // Refused, not failed: nothing will ever stand under this seq, and nobody should wait for it.
      if (error instanceof ChatError) await ports.log.putVoid(unusedSeq(head, false));
      throw error;
    }
  });
  return outcome;
}
