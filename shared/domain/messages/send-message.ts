/** Sends a message: appends one entry to the log, and only one for each `client_id`. */
import { ChatError } from '../chat-error.ts';
import { encodeAttachmentId } from '../files/attachment-id.ts';
import { unavailableAttachments } from '../files/find-attachments.ts';
import type { Attachment, MessageEntry } from '../model/log.ts';
import type { Head } from '../model/rooms.ts';
import type { ContentHashes, LogStore } from '../ports/log.ts';
import type { Clock } from '../ports/system.ts';
import { appendEntry, type AppendInput } from './append-entry.ts';
import { getMessage } from './find-message.ts';
import { newEntry, newVoidEntry, outboxOf } from './new-entry.ts';

export interface SendMessageInput {
  roomId: string;
  userId: string;
  username: string;
  content: string;
  clientId: string | undefined;
  /** As `findAttachments` returns them. */
  attachments?: Attachment[];
  /** Whether the table stream publishes the message instead of its writer. */
  isPublishedByStream: (head: Head) => boolean;
  /** Verifies, once a seq has been taken, that the sender may still write. */
  verify: AppendInput['verify'];
}

export interface SentMessage {
  entry: MessageEntry;
  /** The message had been stored before; `entry` is the original. */
  duplicate: boolean;
  /** The room's head that this send took its seq from. */
  head: Head;
}

export interface SendPorts {
  log: LogStore;
  clock: Clock;
  contentHashes: ContentHashes;
}

/**
 * Stores a message durably, or returns the original that was sent with the same `client_id`.
 * @throws ChatError `not_found` when the room is gone, `client_id_reused` for other content, `invalid_request` when an
 * attachment has been sent with another message, `try_again`.
 */
export async function sendMessage(ports: SendPorts, input: SendMessageInput): Promise<SentMessage> {
  const { log, clock, contentHashes } = ports;
  const { roomId, userId, username, content, clientId, verify, attachments = [] } = input;
  const attachmentIds = attachments.map(({ uploadKey }) => encodeAttachmentId({ roomId, uploadKey }));
  const at = clock.now();
  const hashed = clientId === undefined ? undefined : { roomId, userId, clientId, content, attachmentIds };
  // Hashed before a seq is taken, so that a key that cannot be read leaves no gap.
  const contentHash = hashed === undefined ? '' : await contentHashes.hash(hashed);
  const { outcome } = await appendEntry(log, { roomId, forMessage: true, at, verify }, async (head) => {
    const entry: MessageEntry = newEntry(
      head,
      {
        kind: 'message',
        userId,
        username,
        content,
        ...(clientId === undefined ? {} : { clientId }),
        ...(attachments.length === 0 ? {} : { attachments }),
        isDeleted: false,
      },
      {
        outbox: outboxOf(head, {
          isPublishedByStream: input.isPublishedByStream(head),
          hasFiles: attachments.length > 0,
        }),
      },
    );
    const put = await log.putMessage(entry, contentHash);
    if (put.stored) return { entry, duplicate: false, head };
    if (put.reason === 'seq_taken') return 'seq_taken';
    await log.putVoids([newVoidEntry(head, true)]);
    if (put.reason === 'attachments_taken') throw unavailableAttachments();
    const isRepeat = hashed !== undefined && (await contentHashes.matches(put.contentHash, hashed));
    if (!isRepeat) throw new ChatError('client_id_reused');
    return { entry: await getMessage(ports, roomId, put.seq), duplicate: true, head };
  });
  return outcome;
}
