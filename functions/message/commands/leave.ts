/** `leave`: closes a room that was opened with `join`; the socket stays open. */
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { closeRoom } from '../../../shared/realtime/close-room.ts';
import { toFrame } from '../../../shared/realtime/frames.ts';
import { roomOf, type CommandHandler } from '../command.ts';

export const leave: CommandHandler<'leave'> = async (ports, connection, { room_id, ref }) => {
  if (connection.isSingleRoom) {
    throw new ChatError('forbidden', { detail: 'This socket was opened for one room: close it instead' });
  }
  const roomId = room_id?.toLowerCase() ?? roomOf(connection, {}).roomId;
  const room = Object.hasOwn(connection.rooms, roomId) ? connection.rooms[roomId] : undefined;
  // A repeated leave, after a lost answer, finds the room closed, and is answered like the first one.
  if (room !== undefined) {
    await ports.connections.removeRoom(connection.connectionId, roomId);
    await closeRoom(ports, connection, roomId, room);
  }
  const left = { type: 'left', room_id: roomId, ...(ref === undefined ? {} : { ref }) } as const;
  await ports.poster.post(connection.connectionId, toFrame(left));
};
