/** `read`: moves the marker; the notice to the others follows from the change. */
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { moveMarker } from '../../../shared/domain/messages/mark-read.ts';
import { joinByOpening } from '../../../shared/domain/rooms/ensure-member.ts';
import { roomOf, type CommandHandler } from '../command.ts';

export const read: CommandHandler<'read'> = async (ports, connection, { message_id, room_id }) => {
  const { roomId } = roomOf(connection, { room_id });
  const marking = { roomId, userId: connection.userId, messageId: message_id };
  let member = await moveMarker(ports, marking);
  // The welcome of its socket, which makes the user a member, has not come yet.
  if (member === undefined && connection.joinsRoom === true)
    member = await moveMarker(ports, marking, () => joinByOpening(ports, roomId, connection));
  if (member === undefined) throw new ChatError('forbidden', { detail: 'You do not belong to this room' });
};
