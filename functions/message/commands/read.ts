/** `read`: moves the marker; the notice to the others follows from the change. */
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { moveMarker } from '../../../shared/domain/messages/mark-read.ts';
import { roomOf, type CommandHandler } from '../command.ts';

export const read: CommandHandler<'read'> = async (ports, connection, { message_id, room_id }) => {
  const { roomId } = roomOf(connection, { room_id });
  const member = await moveMarker(ports, { roomId, userId: connection.userId, messageId: message_id });
  if (member === undefined) throw new ChatError('forbidden', { detail: 'You do not belong to this room' });
};
