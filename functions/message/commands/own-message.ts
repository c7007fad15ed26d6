/** The sender's own message, in a room that is open on the socket. */
import { mustBeSender } from '../../../shared/domain/access.ts';
import { decodeMessageId } from '../../../shared/domain/message-id.ts';
import { findMessage } from '../../../shared/domain/messages/find-message.ts';
import type { Connection, MessageEntry } from '../../../shared/domain/model.ts';
import type { Dependencies } from '../dependencies.ts';
import { roomOf } from '../command.ts';

/** Throws `not_found`, `forbidden`. */
export async function ownMessage(
  { log }: Pick<Dependencies, 'log'>,
  connection: Connection,
  messageId: string,
): Promise<MessageEntry> {
  // Before the message is looked for: whoever is not in the room is not told whether it is there.
  roomOf(connection, { room_id: decodeMessageId(messageId).roomId });
  const message = await findMessage(log, messageId);
  mustBeSender(message, connection.userId);
  return message;
}
