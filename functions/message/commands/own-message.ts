/** The sender's own message, in a room that is open on the socket. */
import { findMessage, mustBeSender } from '../../../shared/domain/messages/find-message.ts';
import type { Connection, MessageEntry } from '../../../shared/domain/model.ts';
import type { Dependencies } from '../dependencies.ts';
import { roomOf } from '../command.ts';

/** Throws `not_found`, `forbidden`. */
export async function ownMessage(
  { log }: Pick<Dependencies, 'log'>,
  connection: Connection,
  messageId: string,
): Promise<MessageEntry> {
  const message = await findMessage(log, messageId);
  roomOf(connection, { room_id: message.roomId });
  mustBeSender(message, connection.userId);
  return message;
}
