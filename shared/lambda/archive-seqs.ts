/**
 * The seqs that unread counts leave out, kept after a write that has succeeded. Nothing here fails: a stored message
 * must not look as if it was not.
 */
import { archiveSeqs, type ArchivePorts } from '../domain/messages/unread.ts';
import type { Head, MessageEntry, SeqSet } from '../domain/model.ts';
import type { UnreadStore } from '../domain/ports/unread.ts';
import { logger } from './logger.ts';

/**
 * The sender's own seqs with that of a message that was stored, or stored before. Undefined when it could not be
 * added: the sender's unread count includes the message until their marker passes it or they send it again.
 */
export async function addOwnSeq(
  { unread }: { unread: Pick<UnreadStore, 'addOwn'> },
  { roomId, userId, seq }: MessageEntry,
): Promise<SeqSet | undefined> {
  try {
    return await unread.addOwn(roomId, userId, seq);
  } catch (error) {
    logger.error('The unread count of a sender includes their own message', { error: error as Error });
    return undefined;
  }
}

/** What is not archived now is archived after the next message or deletion. */
export async function archiveAfterSend(
  ports: ArchivePorts,
  { entry, head }: { entry: MessageEntry; head: Head },
  own: SeqSet | undefined,
): Promise<void> {
  await archiveSeqs(ports, head, own && { userId: entry.userId, seqs: own }).catch(logFailure);
}

/** The same, for the head that the deletion's seq was taken from. */
export async function archiveAfterDeletion(ports: ArchivePorts, head: Head): Promise<void> {
  await archiveSeqs(ports, head).catch(logFailure);
}

function logFailure(error: unknown): void {
  logger.error('Seqs that unread counts leave out were not archived', { error: error as Error });
}
