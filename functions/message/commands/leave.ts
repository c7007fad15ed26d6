/** `leave`: closes a room that was opened with `join`; the socket stays open. */
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { closeRoom } from '../../../shared/realtime/close-room.ts';
import { toFrame } from '../../../shared/realtime/frames.ts';
import { roomOf, type CommandHandler } from '../command.ts';

export const leave: CommandHandler<'leave'> = async (ports, connection, { room_id, ref }, receivedAt) => {
  if (connection.isSingleRoom) {
    throw new ChatError('forbidden', { detail: 'This socket was opened for one room: close it instead' });
  }
  const roomId = room_id?.toLowerCase() ?? roomOf(connection, {}).roomId;
  // Within one millisecond, a leave of a room that was open before comes before the join that opens it again, and a
  // leave of one that was not comes after the join that it undoes.
  const known = Object.hasOwn(connection.rooms, roomId) ? connection.rooms[roomId] : undefined;
  const wasOpen = known !== undefined && (known.joinReceivedAt ?? 0) < receivedAt;
  const lastUndone = wasOpen ? receivedAt - 1 : receivedAt;
  const room = await ports.connections.leaveRoom(connection, roomId, lastUndone);
  if (room !== undefined) await closeRoom(ports, connection, { roomId, room, receivedAt: lastUndone });
  // A repeated leave, after a lost answer, finds the room closed, and is answered like the first one.
  const left = { type: 'left', room_id: roomId, ...(ref === undefined ? {} : { ref }) } as const;
  await ports.connectionGateway.post(connection.connectionId, toFrame(left));
};
