/** Finds one message: by its place in a log, or by its id for the sender who is about to change it. */
import { assertSender } from '../access.ts';
import { ChatError } from '../chat-error.ts';
import { decodeMessageId } from '../message-id.ts';
import type { MessageEntry } from '../model/log.ts';
import type { LogStore } from '../ports/log.ts';
import type { AppendInput } from './append-entry.ts';

type FindPorts = { log: Pick<LogStore, 'get'> };

/** @throws ChatError `not_found` when no message has this seq. */
export async function getMessage({ log }: FindPorts, roomId: string, seq: number): Promise<MessageEntry> {
  const entry = await log.get(roomId, seq);
  if (entry?.kind !== 'message') throw new ChatError('not_found');
  return entry;
}

type Verify = AppendInput['verify'];

export interface OwnMessage {
  message: MessageEntry;
  /** Verifies, once a seq has been taken, that the sender may still change the message. */
  verify: Verify;
}

/**
 * Returns a message that the user sent. `authorizeRoom` is called with the message's room first, so that the answer does
 * not reveal to a user outside the room whether the message exists.
 * @throws ChatError `not_found`, `forbidden` for a message of another user, and whatever `authorizeRoom` throws.
 */
export async function findOwnMessage(
  ports: FindPorts,
  { userId, messageId }: { userId: string; messageId: string },
  authorizeRoom: (roomId: string) => Verify | Promise<Verify>,
): Promise<OwnMessage> {
  const { roomId, seq } = decodeMessageId(messageId);
  const verify = await authorizeRoom(roomId);
  const message = await getMessage(ports, roomId, seq);
  assertSender(message, userId);
  return { message, verify };
}
