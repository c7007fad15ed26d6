/** Deleting: an entry of its own in the log; the message it points at loses its content and keeps its place. */
import type { ChangeEntry, Head, MessageEntry } from '../model.ts';
import type { LogStore } from '../ports/log.ts';
import type { Clock } from '../ports/system.ts';
import { appendEntry, voidEntry, type Appending } from './append-entry.ts';

export interface Deletion {
  message: MessageEntry;
  leaveToStream: (head: Head) => boolean;
  verify: Appending['verify'];
}

/** The deletion's entry, with the head it was taken from; undefined when the message was deleted before. Throws `not_found`, `try_again`. */
export async function deleteMessage(
  { log, clock }: { log: LogStore; clock: Clock },
  { message, leaveToStream, verify }: Deletion,
): Promise<{ entry: ChangeEntry; head: Head } | undefined> {
  if (message.isDeleted) return undefined;
  const at = clock.now();
  const { roomId, userId, username } = message;
  const { head, outcome } = await appendEntry(
    log,
    { roomId, forMessage: false, at, verify },
    async (head) => {
      const entry: ChangeEntry = {
        kind: 'delete',
        roomId,
        seq: head.seq,
        at,
        taken: head.taken,
        outbox: leaveToStream(head),
        targetSeq: message.seq,
        userId,
        username,
      };
      const put = await log.putDeletion(entry);
      if (put !== 'overtaken') return put === 'stored' ? entry : put;
      // In the log nothing happens to a message after its deletion.
      await log.putVoid(voidEntry(head, false));
      return 'seq_taken';
    },
  );
  if (outcome !== 'deleted') return { entry: outcome, head };
  await log.putVoid(voidEntry(head, false));
  return undefined;
}
