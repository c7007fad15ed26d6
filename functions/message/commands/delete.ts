/** `delete`: a tombstone in the message's place, told to everyone in the room. */
import { deleteMessage } from '../../../shared/domain/messages/delete-message.ts';
import { archiveAfterDeletion } from '../../../shared/lambda/archive-seqs.ts';
import { chargeFanOut } from '../../../shared/domain/rate-limits/costs.ts';
import { entryEvent } from '../../../shared/realtime/frames.ts';
import { isLargeRoom, publish } from '../../../shared/realtime/publish.ts';
import type { CommandHandler } from '../command.ts';
import { ownMessage } from './own-message.ts';

export const deleteCommand: CommandHandler<'delete'> = async (ports, connection, { message_id }) => {
  const { message, verify } = await ownMessage(ports, connection, 'deleteMessage', message_id);
  const deleted = await deleteMessage(ports, { message, leaveToStream: isLargeRoom, verify });
  if (deleted === undefined) return;
  const { entry, head } = deleted;
  await Promise.all([
    entry.outbox ? undefined : publish(ports, head, [entryEvent(entry, undefined)]),
    archiveAfterDeletion(ports, head),
    chargeFanOut(ports.budget, connection.userId, head),
  ]);
};
