/** Uploads that are declared, checked and sent, without files. */
import { encodeAttachmentId } from '../../../shared/domain/files/attachment-id.ts';
import { declareUpload } from '../../../shared/domain/files/declare-upload.ts';
import { sendWithAttachments } from '../../../shared/domain/messages/send-with-attachments.ts';
import type { Caller } from '../../../shared/domain/model/accounts.ts';
import type { MessageEntry } from '../../../shared/domain/model/log.ts';
import type { CheckedUpload, Upload } from '../../../shared/domain/model/uploads.ts';
import { roomId, type MemoryChat } from './chat.ts';
import { ann } from './system.ts';

/** A checked image in a folder of its own. */
export const imageFile = (n: number): CheckedUpload => ({
  folder: `AAECAwQFBgcICQoLDA0OD${n}`,
  type: 'image/png',
  size: n,
  width: 4,
  height: 3,
});

export const declareImage = (chat: MemoryChat, caller: Caller = ann): Promise<Upload> =>
  declareUpload(chat, caller, {
    roomId,
    file: { name: 'map.png', declaredType: 'image/png', declaredSize: 9, alt: 'a map' },
    quota: { files: 100, bytes: 10_000 },
  });

/** Returns an upload that can be sent. */
export async function readyUpload(
  chat: MemoryChat,
  file: CheckedUpload = imageFile(1),
  caller: Caller = ann,
): Promise<Upload> {
  const declared = await declareImage(chat, caller);
  await chat.uploads.settle(declared, { file });
  return declared;
}

/** Sends a message of ann with uploads. */
export async function sendUploads(chat: MemoryChat, uploads: Upload[], content = ''): Promise<MessageEntry> {
  const { userId, username } = ann;
  const { entry } = await sendWithAttachments(chat, {
    roomId,
    userId,
    username,
    content,
    clientId: undefined,
    attachmentIds: uploads.map(encodeAttachmentId),
    isPublishedByStream: () => false,
    verify: undefined,
  });
  return entry;
}
