/** `read`: moves the user's read marker. The table stream publishes the move. */
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { moveMarker } from '../../../shared/domain/messages/read-markers.ts';
import { joinByOpening } from '../../../shared/domain/rooms/membership/join-room.ts';
import { roomOf, type CommandHandler } from '../command.ts';

export const read: CommandHandler<'read'> = async (ports, connection, { message_id, room_id }) => {
  const { roomId } = roomOf(connection, { room_id });
  const input = { roomId, userId: connection.userId, messageId: message_id };
  let member = await moveMarker(ports, input);
  // The socket's welcome makes the user a member, and may not have run yet.
  if (member === undefined && connection.joinsRoom === true)
    member = await moveMarker(ports, input, () => joinByOpening(ports, roomId, connection));
  if (member === undefined) throw new ChatError('forbidden', { detail: 'You are not a member of this room' });
};
