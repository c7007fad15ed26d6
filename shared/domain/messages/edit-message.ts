/** Editing: an entry of its own in the log, and new content for the message it points at. */
import { ChatError } from '../chat-error.ts';
import type { ChangeEntry, Head, MessageEntry } from '../model.ts';
import type { LogStore } from '../ports/log.ts';
import type { Clock } from '../ports/system.ts';
import { appendEntry, voidEntry, type Appending } from './append-entry.ts';

export interface Edit {
  message: MessageEntry;
  content: string;
  leaveToStream: (head: Head) => boolean;
  verify: Appending['verify'];
}

/** The message as it is now, and the edit's entry. Throws `not_found` (also when it is deleted), `try_again`. */
export async function editMessage(
  { log, clock }: { log: LogStore; clock: Clock },
  { message, content, leaveToStream, verify }: Edit,
): Promise<{ message: MessageEntry; entry: ChangeEntry; head: Head }> {
  if (message.isDeleted) throw new ChatError('not_found');
  const at = clock.now();
  const { roomId, userId, username } = message;
  const { head, outcome } = await appendEntry(
    log,
    { roomId, forMessage: false, at, verify },
    async (head) => {
      const entry: ChangeEntry = {
        kind: 'edit',
        roomId,
        seq: head.seq,
        at,
        taken: head.taken,
        outbox: leaveToStream(head),
        targetSeq: message.seq,
        userId,
        username,
      };
      const put = await log.putEdit(entry, content);
      if (put === 'seq_taken' || put === 'deleted') return put;
      if (put === 'stored') {
        return { message: { ...message, content, editedAt: at, editSeq: head.seq }, entry };
      }
      if ((await log.putChangeAlone(entry)) === 'seq_taken') return 'seq_taken';
      const current = await log.get(roomId, message.seq);
      return { message: current?.kind === 'message' ? current : message, entry };
    },
  );
  if (outcome === 'deleted') {
    await log.putVoid(voidEntry(head, false));
    throw new ChatError('not_found');
  }
  return { ...outcome, head };
}
