/** Makes entries of the log for the tests of its store. */
import type { ChangeEntry, MessageEntry, VoidEntry } from '../../../shared/domain/model/log.ts';
import { ann, start } from '../../kit/memory-chat/system.ts';

const { userId, username } = ann;

/** Returns a message of ann. */
export function message(roomId: string, seq: number, more: Partial<MessageEntry> = {}): MessageEntry {
  return {
    kind: 'message',
    roomId,
    seq,
    at: start,
    messageSeqs: seq,
    outbox: false,
    userId,
    username,
    content: `m${seq}`,
    isDeleted: false,
    ...more,
  };
}

/** Returns an edit or a deletion of one of ann's messages. */
export const change = (
  kind: ChangeEntry['kind'],
  roomId: string,
  seq: number,
  targetSeq = 1,
): ChangeEntry => ({
  kind,
  roomId,
  seq,
  at: start + seq,
  messageSeqs: 1,
  outbox: true,
  targetSeq,
  userId,
  username,
});

/** Returns the entry of a seq without content. */
export const voidEntry = (roomId: string, seq: number, wasMessage = true): VoidEntry => ({
  kind: 'void',
  roomId,
  seq,
  at: start,
  messageSeqs: 1,
  outbox: false,
  wasMessage,
});
