/** Deleting: an entry of its own in the log; the message it points at loses its content and keeps its place. */
import type { ChangeEntry, Head, MessageEntry } from '../model.ts';
import type { Clock, LogStore } from '../ports.ts';
import { appendEntry, unusedSeq } from './append-entry.ts';

export interface Deletion {
  message: MessageEntry;
  leaveToReaction: (head: Head) => boolean;
}

/** The deletion's entry; undefined when the message was deleted before. Throws `not_found`, `try_again`. */
export async function deleteMessage(
  { log, clock }: { log: LogStore; clock: Clock },
  { message, leaveToReaction }: Deletion,
): Promise<ChangeEntry | undefined> {
  if (message.isDeleted) return undefined;
  const at = clock.now();
  const { roomId, userId, username } = message;
  const { head, outcome } = await appendEntry(log, { roomId, forMessage: false, at }, async (head) => {
    const entry: ChangeEntry = {
      kind: 'delete',
      roomId,
      seq: head.seq,
      at,
      taken: head.taken,
      outbox: leaveToReaction(head),
      targetSeq: message.seq,
      userId,
      username,
    };
    const put = await log.putDeletion(entry);
    return put === 'stored' ? entry : put;
  });
  if (outcome !== 'deleted') return outcome;
  await log.putVoid(unusedSeq(head, false));
  return undefined;
}
