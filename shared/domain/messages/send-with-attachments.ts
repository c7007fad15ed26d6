/** Sends a message together with the uploads that it names. */
import { ChatError } from '../chat-error.ts';
import { findAttachments, type AttachmentPorts } from '../files/find-attachments.ts';
import type { ViewPorts } from '../files/view-attachments.ts';
import type { Attachment } from '../model/log.ts';
import type { RoomStore } from '../ports/rooms.ts';
import { getMessage } from './find-message.ts';
import { sendMessage, type SendMessageInput, type SendPorts, type SentMessage } from './send-message.ts';

export interface SendWithAttachmentsPorts extends SendPorts, AttachmentPorts, ViewPorts {
  rooms: Pick<RoomStore, 'head'>;
}

export type SendWithAttachmentsInput = Omit<SendMessageInput, 'attachments'> & {
  attachmentIds: readonly string[] | undefined;
  /** Called once the attachments are found, so that a send which they refuse changes nothing. */
  beforeStoring?: () => Promise<unknown>;
};

/**
 * Does what `sendMessage` does, which a message without attachments costs no request more.
 * @throws ChatError what `sendMessage` and `findAttachments` throw
 */
export async function sendWithAttachments(
  ports: SendWithAttachmentsPorts,
  { attachmentIds = [], beforeStoring, ...input }: SendWithAttachmentsInput,
): Promise<SentMessage> {
  if (attachmentIds.length === 0) {
    await beforeStoring?.();
    return sendMessage(ports, input);
  }
  const { userId, roomId, clientId } = input;
  let attachments: Attachment[];
  try {
    attachments = await findAttachments(ports, {
      userId,
      roomId,
      attachmentIds,
      mayRepeat: clientId !== undefined,
    });
  } catch (error) {
    const original = error instanceof ChatError ? await findOriginal(ports, input, attachmentIds) : undefined;
    if (original === undefined) throw error;
    return original;
  }
  // Before anything is stored, so that no message is stored whose answer cannot be made.
  await ports.files.open();
  await beforeStoring?.();
  return sendMessage(ports, { ...input, attachments });
}

/**
 * Returns the message that an earlier send with this `client_id` has stored. Once it is deleted its uploads are gone, and the
 * send is still answered with the original.
 */
async function findOriginal(
  ports: SendWithAttachmentsPorts,
  { roomId, userId, clientId, content, verify }: SendMessageInput,
  attachmentIds: readonly string[],
): Promise<SentMessage | undefined> {
  if (clientId === undefined) return undefined;
  const send = { roomId, userId, clientId, content, attachmentIds };
  const stored = await ports.log.findSend(send);
  if (stored === undefined) return undefined;
  const head = await ports.rooms.head(roomId);
  if (head === undefined) throw new ChatError('not_found');
  await verify?.(head);
  if (!(await ports.contentHashes.matches(stored.contentHash, send))) throw new ChatError('client_id_reused');
  return { entry: await getMessage(ports, roomId, stored.seq), duplicate: true, head };
}
