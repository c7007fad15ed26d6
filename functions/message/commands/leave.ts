/** `leave`: closes a room that was opened with `join`; the socket stays open. */
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { closeRoom } from '../../../shared/realtime/close-room.ts';
import { toFrame } from '../../../shared/realtime/send-events.ts';
import { roomOf, type CommandHandler } from '../command.ts';

export const leave: CommandHandler<'leave'> = async (ports, connection, { room_id, ref }, receivedAtMs) => {
  if (connection.isSingleRoom) {
    throw new ChatError('forbidden', {
      detail: 'This socket was opened for one room. Close the socket to leave the room.',
    });
  }
  const roomId = room_id?.toLowerCase() ?? roomOf(connection, {}).roomId;
  // Of a join and a leave that were received in the same millisecond, the leave counts as the first one if the room was
  // open before, and as the second one if it was not: then it undoes the join.
  const open = Object.hasOwn(connection.rooms, roomId) ? connection.rooms[roomId] : undefined;
  const wasOpen = open !== undefined && (open.joinReceivedAtMs ?? 0) < receivedAtMs;
  const lastUndoneAtMs = wasOpen ? receivedAtMs - 1 : receivedAtMs;
  const room = await ports.connections.leaveRoom(connection, roomId, lastUndoneAtMs);
  if (room !== undefined) await closeRoom(ports, connection, { roomId, room, receivedAtMs: lastUndoneAtMs });
  // A leave that is repeated after a lost answer finds the room closed, and gets the same answer as the first one.
  const left = { type: 'left', room_id: roomId, ...(ref === undefined ? {} : { ref }) } as const;
  await ports.connectionGateway.post(connection.connectionId, toFrame(left));
};
