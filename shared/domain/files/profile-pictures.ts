/** Profile pictures: their declaration, and how a user shows none any more. */
import * as limits from '../../contract/limits.ts';
import { ChatError } from '../chat-error.ts';
import type { Caller } from '../model/accounts.ts';
import type { Upload } from '../model/uploads.ts';
import type { RevocationStore } from '../ports/accounts.ts';
import type { PictureStore } from '../ports/pictures.ts';
import type { Clock, Random } from '../ports/system.ts';
import type { UploadQuota, UploadStore } from '../ports/uploads.ts';
import { randomKey } from './attachment-id.ts';
import { keysOfPicture } from './object-keys.ts';
import { countUpload } from './upload-quota.ts';

interface DeclarePorts {
  uploads: Pick<UploadStore, 'reserve' | 'declare'>;
  revocations: Pick<RevocationStore, 'isRevoked'>;
  clock: Clock;
  random: Pick<Random, 'uuid'>;
}

/**
 * Returns the upload of a picture, which the user shows once it is posted and checked. Its place is the user's own, where no
 * message can name it.
 * @throws ChatError `file_too_large`; `rate_limited` until the next day, in UTC, when the quota is used up
 */
export async function declarePicture(
  ports: DeclarePorts,
  caller: Caller,
  { type, size, quota }: { type: string; size: number; quota: UploadQuota },
): Promise<Upload> {
  const { userId } = caller;
  if (size > limits.pictureBytes)
    throw new ChatError('file_too_large', { detail: 'A profile picture can have at most 1 MiB.' });
  await countUpload(ports, userId, { bytes: size, quota });
  const now = ports.clock.now();
  const upload: Upload = {
    purpose: 'picture',
    roomId: userId,
    uploadKey: randomKey(ports.random),
    userId,
    name: 'picture',
    declaredType: type,
    declaredSize: size,
    createdAtMs: now,
    attachableUntilMs: now,
    state: 'awaited',
  };
  await ports.uploads.declare(upload);
  // The erasure of an account removes the uploads that it finds, and begins after the sessions have ended.
  if (await ports.revocations.isRevoked(caller)) throw new ChatError('unauthorized');
  return upload;
}

/** More than a user's other requests and checks can be in the way at the same time. */
const maxTries = 8;

/**
 * Makes the user show no picture, whatever was declared before. The objects of the last one are removed within seconds.
 * @throws ChatError `unauthorized` when the user no longer exists
 */
export async function removePicture(
  ports: { pictures: Pick<PictureStore, 'find' | 'hide'>; clock: Clock; random: Pick<Random, 'uuid'> },
  { userId }: Caller,
): Promise<void> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const shown = await ports.pictures.find(userId);
    if (shown === undefined) throw new ChatError('unauthorized');
    const now = ports.clock.now();
    const chosenAtMs = Math.max(now, (shown.chosenAtMs ?? 0) + 1);
    const step =
      shown.folder === null
        ? undefined
        : { stepKey: randomKey(ports.random), remove: keysOfPicture(userId, shown.folder) };
    const change = { chosenAtMs, shown, ...(step !== undefined && { step }) };
    if (await ports.pictures.hide(userId, change, now)) return;
  }
  throw new ChatError('try_again');
}
