/** Finds the uploads that a message is to show, and has those checked that are not. */
import { ChatError, invalidField } from '../chat-error.ts';
import type { Attachment } from '../model/log.ts';
import type { Upload, UploadPlace } from '../model/uploads.ts';
import type { Clock } from '../ports/system.ts';
import type { UploadStore } from '../ports/uploads.ts';
import { waitForAll } from '../wait-for-all.ts';
import { sendStateOf } from './attachable.ts';
import { decodeAttachmentId } from './attachment-id.ts';

export interface AttachmentPorts {
  uploads: Pick<UploadStore, 'getMany'>;
  clock: Clock;
  /**
   * Has an upload checked, and waits for the result for some seconds. Returns the upload as it is then, which may still be
   * awaited; undefined when it is gone.
   */
  checkUpload(place: UploadPlace): Promise<Upload | undefined>;
}

export interface AttachmentsInput {
  userId: string;
  roomId: string;
  attachmentIds: readonly string[];
  /** Whether the send has a `client_id`, so that it may repeat one that has attached the uploads. */
  mayRepeat: boolean;
}

/**
 * Returns the attachments in the order of their ids, with one request for all of them.
 * @throws ChatError `invalid_request` for one that cannot be sent, `try_again` for one whose check is not done
 */
export async function findAttachments(
  ports: AttachmentPorts,
  { userId, roomId, attachmentIds, mayRepeat }: AttachmentsInput,
): Promise<Attachment[]> {
  if (attachmentIds.length === 0) return [];
  const places = attachmentIds.map((id, index) => placeOf(id, index, roomId));
  const found = new Map((await ports.uploads.getMany(places)).map((upload) => [upload.uploadKey, upload]));
  const by = { userId, roomId, now: ports.clock.now() };
  const uploads = await waitForAll(
    places.map((place) => {
      const upload = found.get(place.uploadKey);
      return sendStateOf(upload, by) === 'unchecked' ? ports.checkUpload(place) : upload;
    }),
  );
  return uploads.map((upload, index) => {
    const state = sendStateOf(upload, by);
    // The message that it was sent with may be this one. Its send key tells, when it is stored.
    const isRepeat = mayRepeat && upload?.state === 'attached' && upload.userId === userId;
    if (state === 'unchecked')
      throw new ChatError('try_again', {
        detail: 'An attachment is still being checked. Send the message again.',
        retryAfterMs: 1_000,
      });
    if (upload?.file === undefined || (state === 'unavailable' && !isRepeat)) throw unavailable(index);
    const { uploadKey, name, alt, file } = upload;
    return { uploadKey, name, ...(alt !== undefined && { alt }), ...file };
  });
}

/** The error of a message whose attachments were sent with another one at the same time. */
export const unavailableAttachments = (): ChatError => invalidField('attachments', unavailableMessage);

const unavailableMessage = 'must be uploads of yours in this room that were not refused and not sent before';

const unavailable = (index: number): ChatError => invalidField(`attachments.${index}`, unavailableMessage);

function placeOf(attachmentId: string, index: number, roomId: string): UploadPlace {
  try {
    const place = decodeAttachmentId(attachmentId);
    if (place.roomId === roomId) return place;
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
  }
  throw unavailable(index);
}
