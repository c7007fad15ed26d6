/** The sender's own message, in a room that is open on the socket. */
import { assertSender } from '../../../shared/domain/access.ts';
import { decodeMessageId } from '../../../shared/domain/message-id.ts';
import { findMessage } from '../../../shared/domain/messages/find-message.ts';
import type { Connection, Head, MessageEntry } from '../../../shared/domain/model.ts';
import type { Dependencies } from '../dependencies.ts';
import { roomOf, verifyOnSocket } from '../command.ts';

interface OwnMessage {
  message: MessageEntry;
  /** Whether the sender may still change it, once a seq has been taken. */
  verify: (head: Head) => Promise<void>;
}

/** @throws ChatError `not_found`, `forbidden`. */
export async function ownMessage(
  ports: Pick<Dependencies, 'log' | 'rooms' | 'connections'>,
  connection: Connection,
  action: 'editMessage' | 'deleteMessage',
  messageId: string,
): Promise<OwnMessage> {
  // Before the message is looked for: its existence is no business of a user who is not in the room.
  const { roomId, room } = roomOf(connection, { room_id: decodeMessageId(messageId).roomId });
  const message = await findMessage(ports.log, messageId);
  assertSender(message, connection.userId);
  const verifyHead = verifyOnSocket(ports, connection, { action, roomId, room });
  return {
    message,
    verify: async (head) => {
      await verifyHead(head);
    },
  };
}
