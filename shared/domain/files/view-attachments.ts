/** Shows the attachments of messages, with addresses that are made for each answer and never stored. */
import type { Attachment as AttachmentView } from '../../contract/entities.ts';
import type { Attachment, LogEntry, MessageEntry } from '../model/log.ts';
import type { AddressOfFile, FileAddresses } from '../ports/files.ts';
import { encodeAttachmentId } from './attachment-id.ts';

/** Returns the part of a message's view that only messages with attachments have. */
export type ViewAttachments = (entry: MessageEntry) => { attachments?: AttachmentView[] };

export interface ViewPorts {
  files: FileAddresses;
}

/** Returns the views of these entries. Reads no key when none of them has attachments, as most have none. */
export async function viewAttachmentsOf(
  { files }: ViewPorts,
  entries: readonly LogEntry[],
): Promise<ViewAttachments> {
  const hasAny = entries.some((entry) => entry.kind === 'message' && attachmentsOf(entry).length > 0);
  if (!hasAny) return () => ({});
  const addressOf = await files.open();
  return (entry) => {
    const attachments = attachmentsOf(entry);
    if (attachments.length === 0) return {};
    return { attachments: attachments.map((one) => viewAttachment(entry.roomId, one, addressOf)) };
  };
}

/** Returns the attachments that a message shows: none once it is deleted. */
export const attachmentsOf = ({ attachments = [], isDeleted }: MessageEntry): readonly Attachment[] =>
  isDeleted ? [] : attachments;

/** Returns a file as clients see it. */
export function viewAttachment(
  roomId: string,
  { uploadKey, name, alt, folder, type, size, width, height }: Attachment,
  addressOf: AddressOfFile,
): AttachmentView {
  return {
    attachment_id: encodeAttachmentId({ roomId, uploadKey }),
    name,
    type,
    size,
    ...(alt !== undefined && { alt }),
    ...(width !== undefined && height !== undefined && { width, height }),
    url: addressOf({ roomId, folder, name: 'original' }),
    // An image has thumbnails, and nothing else has a width.
    ...(width !== undefined && { thumbnail_url: addressOf({ roomId, folder, name: '320' }) }),
  };
}

/** An estimate of the two addresses of a file. */
const addressBytes = 512;

/** Returns about how many bytes attachments take in an answer or event, where they have addresses. */
export const shownBytes = (attachments: readonly Attachment[] = []): number =>
  attachments.length === 0
    ? 0
    : Buffer.byteLength(JSON.stringify(attachments)) + attachments.length * addressBytes;

/** Returns about how many bytes of a message depend on its sender, as its event is posted to each socket of the room. */
export const fanOutBytes = (entry: MessageEntry): number =>
  Buffer.byteLength(entry.content) + shownBytes(attachmentsOf(entry));
