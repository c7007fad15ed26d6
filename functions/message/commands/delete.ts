/** `delete`: deletes a message of the sender, and publishes that to the room. */
import { isLargeRoom } from '../../../shared/domain/connections/subscribers.ts';
import { deleteMessage } from '../../../shared/domain/messages/delete-message.ts';
import { findOwnMessage } from '../../../shared/domain/messages/find-message.ts';
import { archiveAfterDeletion } from '../../../shared/domain/messages/unread-seqs.ts';
import { chargeFanOut } from '../../../shared/domain/rate-limits/charges.ts';
import { waitForAll } from '../../../shared/domain/wait-for-all.ts';
import { publish } from '../../../shared/realtime/fan-out.ts';
import { changeEvent } from '../../../shared/realtime/frames.ts';
import { accessRoom, type CommandHandler } from '../command.ts';

export const deleteCommand: CommandHandler<'delete'> = async (ports, connection, { message_id }) => {
  const { userId } = connection;
  const { message, verify } = await findOwnMessage(
    ports,
    { userId, messageId: message_id },
    (room_id) => accessRoom(ports, connection, 'deleteMessage', { room_id }).verify,
  );
  const deleted = await deleteMessage(ports, { message, isPublishedByStream: isLargeRoom, verify });
  if (deleted === undefined) return;
  const { entry, head } = deleted;
  await waitForAll([
    entry.outbox === true ? undefined : publish(ports, head, [changeEvent(entry, undefined)]),
    archiveAfterDeletion(ports, head),
    chargeFanOut(ports.budget, userId, head),
  ]);
};
