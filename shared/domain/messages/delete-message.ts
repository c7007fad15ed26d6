/** Deletes a message: appends a deletion to the log; the message loses its content and keeps its place. */
import type { ChangeEntry, MessageEntry } from '../model/log.ts';
import type { Head } from '../model/rooms.ts';
import type { LogStore } from '../ports/log.ts';
import type { Clock } from '../ports/system.ts';
import { appendEntry, type AppendInput } from './append-entry.ts';
import { newEntry, newVoidEntry, outboxOf } from './new-entry.ts';

export interface DeleteMessageInput {
  message: MessageEntry;
  /** Whether the table stream publishes the entry instead of its writer. */
  isPublishedByStream: (head: Head) => boolean;
  /** Verifies, once a seq has been taken, that the sender may still delete the message. */
  verify: AppendInput['verify'];
}

/**
 * Returns the deletion's entry and the head it was taken from; undefined when the message had been deleted before.
 * @throws ChatError `not_found` when the room is gone, `try_again`.
 */
export async function deleteMessage(
  { log, clock }: { log: LogStore; clock: Clock },
  { message, isPublishedByStream, verify }: DeleteMessageInput,
): Promise<{ entry: ChangeEntry; head: Head } | undefined> {
  if (message.isDeleted) return undefined;
  const { roomId, seq: targetSeq, userId, username, attachments } = message;
  const removedFiles = attachments?.map(({ uploadKey, folder }) => ({ uploadKey, folder }));
  const hasFiles = removedFiles !== undefined;
  const { head, outcome } = await appendEntry(
    log,
    { roomId, forMessage: false, at: clock.now(), verify },
    async (head) => {
      const entry: ChangeEntry = newEntry(
        head,
        { kind: 'delete', targetSeq, userId, username, ...(hasFiles && { removedFiles }) },
        { outbox: outboxOf(head, { isPublishedByStream: isPublishedByStream(head), hasFiles }) },
      );
      const put = await log.putDeletion(entry);
      if (put !== 'overtaken') return put === 'stored' ? entry : put;
      // An edit has a later seq. No change of a message may follow its deletion in the log, so take a seq behind the edit.
      await log.putVoids([newVoidEntry(head, false)]);
      return 'seq_taken';
    },
  );
  if (outcome !== 'deleted') return { entry: outcome, head };
  await log.putVoids([newVoidEntry(head, false)]);
  return undefined;
}
