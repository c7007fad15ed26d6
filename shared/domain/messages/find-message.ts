/** Finding a message by its id, for somebody who means to change it. */
import { ChatError } from '../chat-error.ts';
import { decodeMessageId } from '../message-id.ts';
import type { MessageEntry } from '../model.ts';
import type { LogStore } from '../ports/log.ts';

/** Throws `not_found`. */
export async function findMessage(log: LogStore, messageId: string): Promise<MessageEntry> {
  const { roomId, seq } = decodeMessageId(messageId);
  const entry = await log.get(roomId, seq);
  if (entry?.kind !== 'message') throw new ChatError('not_found');
  return entry;
}
