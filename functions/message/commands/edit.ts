/** `edit`: the message as it is now, told to everyone in the room. */
import { editMessage } from '../../../shared/domain/messages/edit-message.ts';
import { chargeFanOut } from '../../../shared/domain/rate-limits/costs.ts';
import { entryEvent } from '../../../shared/realtime/frames.ts';
import { isLargeRoom, publish } from '../../../shared/realtime/publish.ts';
import type { CommandHandler } from '../command.ts';
import { ownMessage } from './own-message.ts';

export const edit: CommandHandler<'edit'> = async (ports, connection, { message_id, content }) => {
  const { message: original, verify } = await ownMessage(ports, connection, 'editMessage', message_id);
  const edited = await editMessage(ports, {
    message: original,
    content,
    leaveToStream: isLargeRoom,
    verify,
  });
  const { message, entry, head } = edited;
  await chargeFanOut(ports.budget, connection.userId, head, Buffer.byteLength(content));
  if (!entry.outbox) await publish(ports, head, [entryEvent(entry, message)]);
};
