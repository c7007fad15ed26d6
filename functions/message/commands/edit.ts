/** `edit`: the message as it is now, told to everyone in the room. */
import { editMessage } from '../../../shared/domain/messages/edit-message.ts';
import { entryEvent } from '../../../shared/realtime/frames.ts';
import { isLargeRoom, publish } from '../../../shared/realtime/publish.ts';
import type { CommandHandler } from '../command.ts';
import { ownMessage } from './own-message.ts';

export const edit: CommandHandler<'edit'> = async (ports, connection, { message_id, content }) => {
  const original = await ownMessage(ports, connection, message_id);
  const edited = await editMessage(ports, { message: original, content, leaveToReaction: isLargeRoom });
  const { message, entry, head } = edited;
  if (!entry.outbox) await publish(ports, head, [entryEvent(entry, message)]);
};
