/** Shows one attachment with fresh addresses: of a message that the caller may read, or an upload of their own. */
import type { Attachment as AttachmentView } from '../../contract/entities.ts';
import { ChatError } from '../chat-error.ts';
import type { Caller } from '../model/accounts.ts';
import type { Attachment } from '../model/log.ts';
import type { Upload } from '../model/uploads.ts';
import type { LogStore } from '../ports/log.ts';
import type { RoomStore } from '../ports/rooms.ts';
import type { Clock } from '../ports/system.ts';
import type { UploadStore } from '../ports/uploads.ts';
import { findRoomFor } from '../rooms/find-room.ts';
import { waitForAll } from '../wait-for-all.ts';
import { ownUnsent, refusalOf } from './attachable.ts';
import { decodeAttachmentId } from './attachment-id.ts';
import { attachmentOf } from './find-attachments.ts';
import { attachmentsOf, viewAttachment, type ViewPorts } from './view-attachments.ts';

export interface GetAttachmentPorts extends ViewPorts {
  rooms: Pick<RoomStore, 'getWithMember'>;
  uploads: Pick<UploadStore, 'get'>;
  log: Pick<LogStore, 'get'>;
  clock: Clock;
}

/**
 * @throws ChatError `not_found`, also when the message was deleted; of an upload of the caller's own, `upload_not_checked`
 * while its check is awaited, and the reason when it was refused
 */
export async function getAttachment(
  ports: GetAttachmentPorts,
  { userId }: Caller,
  attachmentId: string,
): Promise<AttachmentView> {
  const place = decodeAttachmentId(attachmentId);
  const [upload] = await waitForAll([
    ports.uploads.get(place),
    findRoomFor('readMessages', ports, place.roomId, userId),
  ]);
  const attachment =
    upload?.state === 'attached'
      ? await attachedTo(ports, upload)
      : ownChecked(ownUnsent(upload, userId, ports.clock.now()));
  return viewAttachment(place.roomId, attachment, await ports.files.open());
}

/** Returns an attachment as its message shows it, so that it ends with the message and not when its files are removed. */
async function attachedTo(
  { log }: Pick<GetAttachmentPorts, 'log'>,
  { roomId, uploadKey, messageSeq = 0 }: Upload,
): Promise<Attachment> {
  const entry = await log.get(roomId, messageSeq);
  const attachments = entry?.kind === 'message' ? attachmentsOf(entry) : [];
  const attachment = attachments.find((one) => one.uploadKey === uploadKey);
  if (attachment === undefined) throw new ChatError('not_found');
  return attachment;
}

function ownChecked(upload: Upload): Attachment {
  if (upload.state === 'awaited') throw new ChatError('upload_not_checked', { retryAfterMs: 1_000 });
  if (upload.state === 'refused') throw refusalOf(upload);
  return attachmentOf(upload);
}
