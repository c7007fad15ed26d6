/** `edit`: replaces the content of a message of the sender, and publishes that to the room. */
import { isLargeRoom } from '../../../shared/domain/connections/subscribers.ts';
import { editMessage } from '../../../shared/domain/messages/edit-message.ts';
import { findOwnMessage } from '../../../shared/domain/messages/find-message.ts';
import { chargeFanOut } from '../../../shared/domain/rate-limits/charges.ts';
import { publish } from '../../../shared/realtime/fan-out.ts';
import { changeEvent } from '../../../shared/realtime/frames.ts';
import { accessRoom, type CommandHandler } from '../command.ts';

export const edit: CommandHandler<'edit'> = async (ports, connection, { message_id, content }) => {
  const { userId } = connection;
  const own = await findOwnMessage(
    ports,
    { userId, messageId: message_id },
    (room_id) => accessRoom(ports, connection, 'editMessage', { room_id }).verify,
  );
  const { message, entry, head } = await editMessage(ports, {
    ...own,
    content,
    isPublishedByStream: isLargeRoom,
  });
  await chargeFanOut(ports.budget, userId, head, Buffer.byteLength(content));
  if (entry.outbox !== true) await publish(ports, head, [changeEvent(entry, message)]);
};
