/** `edit`: the message as it is now, told to everyone in the room. */
import { editMessage } from '../../../shared/domain/messages/edit-message.ts';
import type { Head } from '../../../shared/domain/model.ts';
import { entryEvent } from '../../../shared/realtime/frames.ts';
import { isLargeRoom, publish } from '../../../shared/realtime/publish-entry.ts';
import type { CommandHandler } from '../run-command.ts';
import { ownMessage } from './own-message.ts';

export const edit: CommandHandler<'edit'> = async (ports, connection, { message_id, content }) => {
  const original = await ownMessage(ports, connection, message_id);
  let shards = 1;
  const leaveToReaction = (head: Head): boolean => {
    ({ shards } = head);
    return isLargeRoom(head);
  };
  const { message, entry } = await editMessage(ports, { message: original, content, leaveToReaction });
  if (!entry.outbox) await publish(ports, entry.roomId, shards, [entryEvent(entry, message)]);
};
