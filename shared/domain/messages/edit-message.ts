/** Edits a message: appends an edit to the log, and replaces the content of the message it points at. */
import { contentLengthMessage } from '../../contract/identifiers.ts';
import { ChatError, invalidField } from '../chat-error.ts';
import { attachmentsOf } from '../files/view-attachments.ts';
import type { ChangeEntry, MessageEntry } from '../model/log.ts';
import type { Head } from '../model/rooms.ts';
import type { LogStore } from '../ports/log.ts';
import type { Clock } from '../ports/system.ts';
import { appendEntry, type AppendInput } from './append-entry.ts';
import { newEntry, newVoidEntry, outboxOf } from './new-entry.ts';

export interface EditMessageInput {
  message: MessageEntry;
  content: string;
  /** Whether the table stream publishes the entry instead of its writer. */
  isPublishedByStream: (head: Head) => boolean;
  /** Verifies, once a seq has been taken, that the sender may still edit the message. */
  verify: AppendInput['verify'];
}

/**
 * Returns the message as it is now, and the edit's entry.
 * @throws ChatError `invalid_request` when nothing would be left of the message, `not_found` when it was deleted or the room is
 * gone, `try_again`.
 */
export async function editMessage(
  { log, clock }: { log: LogStore; clock: Clock },
  { message, content, isPublishedByStream, verify }: EditMessageInput,
): Promise<{ message: MessageEntry; entry: ChangeEntry; head: Head }> {
  if (message.isDeleted) throw new ChatError('not_found');
  if (content === '' && attachmentsOf(message).length === 0)
    throw invalidField('content', contentLengthMessage);
  const { roomId, seq: targetSeq, userId, username } = message;
  const { head, outcome } = await appendEntry(
    log,
    { roomId, forMessage: false, at: clock.now(), verify },
    async (head) => {
      const entry: ChangeEntry = newEntry(
        head,
        { kind: 'edit', targetSeq, userId, username },
        { outbox: outboxOf(head, { isPublishedByStream: isPublishedByStream(head), hasFiles: false }) },
      );
      const put = await log.putEdit(entry, content);
      if (put === 'seq_taken' || put === 'deleted') return put;
      if (put === 'stored') {
        return { message: { ...message, content, editedAtMs: entry.at, editSeq: entry.seq }, entry };
      }
      // An edit with a later seq has set the content: only this edit's entry is stored.
      if ((await log.putChangeAlone(entry)) === 'seq_taken') return 'seq_taken';
      const current = await log.get(roomId, targetSeq);
      return { message: current?.kind === 'message' ? current : message, entry };
    },
  );
  if (outcome === 'deleted') {
    await log.putVoids([newVoidEntry(head, false)]);
    throw new ChatError('not_found');
  }
  return { ...outcome, head };
}
