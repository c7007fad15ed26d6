/** Finds the uploads that a message is to show, and has those checked that are not. */
import { ChatError, invalidField } from '../chat-error.ts';
import type { Attachment } from '../model/log.ts';
import type { Upload, UploadPlace } from '../model/uploads.ts';
import type { CheckUpload } from '../ports/files.ts';
import type { Clock } from '../ports/system.ts';
import type { UploadStore } from '../ports/uploads.ts';
import { checkMicroDollars } from '../rate-limits/charges.ts';
import type { UserBudget } from '../rate-limits/user-budget.ts';
import { waitForAll } from '../wait-for-all.ts';
import { refusalOf, sendStateOf, type SendState } from './attachable.ts';
import { decodeAttachmentId } from './attachment-id.ts';

export interface AttachmentPorts {
  uploads: Pick<UploadStore, 'getMany' | 'beginCheck'>;
  budget: Pick<UserBudget, 'spend'>;
  clock: Clock;
  checkUpload: CheckUpload;
}

export interface AttachmentsInput {
  userId: string;
  roomId: string;
  attachmentIds: readonly string[];
  /** Whether the send has a `client_id`, so that it may repeat one that has attached the uploads. */
  mayRepeat: boolean;
}

/**
 * Sends ask for one check of an upload in this time, which is longer than they wait for it. The bucket's own event asks for
 * another, so that a send that is repeated finds the result.
 */
const checkRestMs = 10_000;

/**
 * Returns the attachments in the order of their ids, with one request for all of them.
 * @throws ChatError `invalid_request` for one that cannot be sent, the reason for one that its check has refused,
 * `upload_missing` for one whose file was not posted, `try_again` for one whose check is not done
 */
export async function findAttachments(
  ports: AttachmentPorts,
  { userId, roomId, attachmentIds, mayRepeat }: AttachmentsInput,
): Promise<Attachment[]> {
  if (attachmentIds.length === 0) return [];
  const places = attachmentIds.map((id, index) => placeOf(id, index, roomId));
  const by = { userId, roomId, now: ports.clock.now() };
  let uploads = await getInOrder(ports, places);
  const unchecked = uploads.filter(
    (upload) => upload !== undefined && sendStateOf(upload, by) === 'unchecked',
  );
  const ended = await check(ports, userId, unchecked as Upload[]);
  if (unchecked.length > 0) uploads = await getInOrder(ports, places);
  return uploads.map((upload, index) => {
    const state = sendStateOf(upload, by);
    // The message that it was sent with may be this one. Its send key tells, when it is stored.
    const isRepeat = mayRepeat && upload?.state === 'attached' && upload.userId === userId;
    if (upload === undefined || (state !== 'attachable' && !isRepeat))
      throw errorFor(upload, { state, index, wasChecked: ended.has(places[index]!.uploadKey) });
    return attachmentOf(upload);
  });
}

/** Returns a checked upload as the attachment that it is or becomes. */
export function attachmentOf({ uploadKey, name, alt, file }: Upload): Attachment {
  if (file === undefined) throw new TypeError(`The upload ${uploadKey} is not checked`);
  return { uploadKey, name, ...(alt !== undefined && { alt }), ...file };
}

async function getInOrder(
  { uploads }: AttachmentPorts,
  places: UploadPlace[],
): Promise<(Upload | undefined)[]> {
  const found = new Map((await uploads.getMany(places)).map((upload) => [upload.uploadKey, upload]));
  return places.map(({ uploadKey }) => found.get(uploadKey));
}

/** Has uploads checked that no other send has had checked a moment ago. Returns the keys of those whose check has ended. */
async function check(
  { uploads, budget, clock, checkUpload }: AttachmentPorts,
  userId: string,
  unchecked: readonly Upload[],
): Promise<Set<string>> {
  if (unchecked.length === 0) return new Set();
  await budget.spend(userId, { costMicroDollars: checkMicroDollars * unchecked.length });
  const ended = await waitForAll(
    unchecked.map(async ({ roomId, uploadKey }) => {
      const place = { roomId, uploadKey };
      const begins = await uploads.beginCheck(place, clock.now(), checkRestMs);
      return begins && (await checkUpload(place)) ? [uploadKey] : [];
    }),
  );
  return new Set(ended.flat());
}

function errorFor(
  upload: Upload | undefined,
  { state, index, wasChecked }: { state: SendState; index: number; wasChecked: boolean },
): ChatError {
  if (upload !== undefined && state === 'refused') return refusalOf(upload);
  if (state !== 'unchecked') return unavailable(index);
  if (wasChecked) return new ChatError('upload_missing');
  return new ChatError('try_again', {
    detail: 'An attachment is still being checked. Send the message again.',
    retryAfterMs: 1_000,
  });
}

/** The error of a message whose attachments were sent with another one at the same time. */
export const unavailableAttachments = (): ChatError => invalidField('attachments', unavailableMessage);

const unavailableMessage = 'must be uploads of yours in this room that were not sent before';

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
