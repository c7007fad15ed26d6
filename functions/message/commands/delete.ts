/** `delete`: a tombstone in the message's place, told to everyone in the room. */
import { deleteMessage } from '../../../shared/domain/messages/delete-message.ts';
import type { Head } from '../../../shared/domain/model.ts';
import { entryEvent } from '../../../shared/realtime/frames.ts';
import { isLargeRoom, publish } from '../../../shared/realtime/publish-entry.ts';
import type { CommandHandler } from '../run-command.ts';
import { ownMessage } from './own-message.ts';

export const deleteCommand: CommandHandler<'delete'> = async (ports, connection, { message_id }) => {
  const message = await ownMessage(ports, connection, message_id);
  let shards = 1;
  const leaveToReaction = (head: Head): boolean => {
    ({ shards } = head);
    return isLargeRoom(head);
  };
  const entry = await deleteMessage(ports, { message, leaveToReaction });
  if (entry !== undefined && !entry.outbox)
    await publish(ports, entry.roomId, shards, [entryEvent(entry, undefined)]);
};
