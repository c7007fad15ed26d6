/**
 * Records the seqs that unread counts leave out, after a write that has succeeded, and moves old ones to the archive. No
 * function here fails: a stored message must not look to its sender as if it had not been stored.
 */
import type { MessageEntry } from '../model/log.ts';
import type { Head, SeqSet } from '../model/rooms.ts';
import type { FailureLog } from '../ports/system.ts';
import type { UnreadStore } from '../ports/unread.ts';
import { waitForAll } from '../wait-for-all.ts';

/** With this many seqs of void entries and deleted messages a room's head stays below 1 KB, the size of one write unit. */
const maxDeadSeqs = 48;
/** With this many seqs the item of a user's own messages stays below 1 KB. */
const maxOwnSeqs = 96;

export interface UnreadSeqsPorts {
  unread: Pick<UnreadStore, 'addOwn' | 'archiveOwn' | 'archiveDead'>;
  logger: Pick<FailureLog, 'error'>;
}

/**
 * Adds the seq of a stored message to those of its sender, and returns them. Returns undefined when it could not be added:
 * the sender's unread count then includes the message until their marker passes it, or until they send it again.
 */
export async function recordOwnSeq(
  { unread, logger }: UnreadSeqsPorts,
  { roomId, userId, seq }: MessageEntry,
): Promise<SeqSet | undefined> {
  try {
    return await unread.addOwn(roomId, userId, seq);
  } catch (error) {
    logger.error("A sender's unread count includes their own message", { error });
    return undefined;
  }
}

/** Archives what has become too much after a send. What fails here is archived after the next message or deletion. */
export async function archiveAfterSend(
  ports: UnreadSeqsPorts,
  { entry, head }: { entry: MessageEntry; head: Head },
  own: SeqSet | undefined,
): Promise<void> {
  const { roomId, userId } = entry;
  await waitForAll([
    archiveDead(ports, head),
    own !== undefined && own.seqs.length > maxOwnSeqs
      ? ports.unread.archiveOwn(roomId, userId, own).catch(logFailure(ports))
      : undefined,
  ]);
}

/** The same after a deletion, for the head that the deletion's seq was taken from. */
export async function archiveAfterDeletion(ports: UnreadSeqsPorts, head: Head): Promise<void> {
  await archiveDead(ports, head);
}

async function archiveDead(ports: UnreadSeqsPorts, { roomId, dead }: Head): Promise<void> {
  if (dead.seqs.length <= maxDeadSeqs) return;
  await ports.unread.archiveDead(roomId, dead).catch(logFailure(ports));
}

function logFailure({ logger }: UnreadSeqsPorts): (error: unknown) => void {
  return (error) => logger.error('Seqs that unread counts leave out were not archived', { error });
}
