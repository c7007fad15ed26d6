/** `leave`: closes a room that was opened with `join`; the socket stays. */
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { closeRoom } from '../../../shared/realtime/close-room.ts';
import { roomOf, type CommandHandler } from '../command.ts';

export const leave: CommandHandler<'leave'> = async (ports, connection, { room_id }) => {
  if (connection.isSingleRoom) {
    throw new ChatError('forbidden', { detail: 'This socket was opened for one room: close it instead' });
  }
  const { roomId, room } = roomOf(connection, { room_id });
  await ports.connections.removeRoom(connection.connectionId, roomId);
  await closeRoom(ports, connection, roomId, room);
};
