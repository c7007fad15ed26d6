/**
 * Removes files for good: of rooms that are purged, of accounts that are erased, and what no message shows any more. Each
 * function can be interrupted and repeated, and a check or a send that runs at the same time leaves nothing behind that has
 * an address: uploads end first, so that nothing can be recorded as checked or be attached any more, and then the objects of
 * whatever was recorded until then are removed. Objects that a check stores later keep the tag by which the bucket deletes
 * them, and no address was made for them.
 */
import type { RemovedFile } from '../model/log.ts';
import type { Upload, UploadPlace } from '../model/uploads.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { Clock } from '../ports/system.ts';
import type { UploadStore } from '../ports/uploads.ts';
import { waitForAll } from '../wait-for-all.ts';
import { folderOfPictures, folderOfRoom, incomingKey, keysInFolder } from './object-keys.ts';

export interface RemoveFilesPorts {
  uploads: Pick<UploadStore, 'list' | 'withdraw' | 'removeMany'>;
  objects: Pick<ObjectStore, 'remove' | 'removeBelow'>;
  clock: Clock;
}

/** Removes objects before the uploads by which an interrupted removal finds them again. */
export async function removeFiles(
  { objects, uploads }: Pick<RemoveFilesPorts, 'objects' | 'uploads'>,
  { keys, uploads: places }: { keys: readonly string[]; uploads: readonly UploadPlace[] },
): Promise<void> {
  await objects.remove(keys);
  await uploads.removeMany(places);
}

/** Removes the files that an erasure has taken from a message. */
export const removeFilesOfMessage = (
  ports: Pick<RemoveFilesPorts, 'objects' | 'uploads'>,
  roomId: string,
  files: readonly RemovedFile[],
): Promise<void> =>
  removeFiles(ports, {
    keys: files.flatMap(({ folder }) => keysInFolder(roomId, folder)),
    uploads: files.map(({ uploadKey }) => ({ roomId, uploadKey })),
  });

const uploadsPerPage = 100;
const objectsPerRequest = 1_000;

/** Removes all uploads and files of a deleted room. Returns false when the deadline has passed first. */
export function removeFilesOfRoom(
  ports: RemoveFilesPorts,
  roomId: string,
  deadlineMs: number,
): Promise<boolean> {
  return removeAll(ports, { uploadsOf: roomId, folder: folderOfRoom(roomId) }, deadlineMs);
}

/** Removes all profile pictures of a deleted user. Returns false when the deadline has passed first. */
export function removePictures(
  ports: RemoveFilesPorts,
  userId: string,
  deadlineMs: number,
): Promise<boolean> {
  return removeAll(ports, { uploadsOf: userId, folder: folderOfPictures(userId) }, deadlineMs);
}

async function removeAll(
  { uploads, objects, clock }: RemoveFilesPorts,
  { uploadsOf, folder }: { uploadsOf: string; folder: string },
  deadlineMs: number,
): Promise<boolean> {
  let hasMore = true;
  while (hasMore) {
    if (clock.now() >= deadlineMs) return false;
    const { items, next } = await uploads.list(uploadsOf, uploadsPerPage, undefined);
    const posted = items.filter(({ state }) => state === 'awaited').map(incomingKey);
    if (posted.length > 0) await objects.remove(posted);
    await uploads.removeMany(items);
    hasMore = next !== undefined;
  }
  for (let isDone = false; !isDone;) {
    if (clock.now() >= deadlineMs) return false;
    ({ isDone } = await objects.removeBelow(folder, { limit: objectsPerRequest }));
  }
  return true;
}

/** Removes the uploads of a deleted user in a room that were not sent. Returns false when the deadline has passed first. */
export async function removeUnsentUploads(
  { uploads, objects, clock }: RemoveFilesPorts,
  { roomId, userId }: { roomId: string; userId: string },
  deadlineMs: number,
): Promise<boolean> {
  let after: string | undefined;
  do {
    if (clock.now() >= deadlineMs) return false;
    const { items, next } = await uploads.list(roomId, uploadsPerPage, after);
    const own = items.filter((upload) => upload.userId === userId && upload.state !== 'attached');
    const withdrawn = await waitForAll(own.map((place) => uploads.withdraw(place)));
    await removeWithdrawn(
      { uploads, objects },
      withdrawn.filter((upload) => upload !== undefined),
    );
    after = next;
  } while (after !== undefined);
  return true;
}

async function removeWithdrawn(
  ports: Pick<RemoveFilesPorts, 'objects' | 'uploads'>,
  withdrawn: readonly Upload[],
): Promise<void> {
  if (withdrawn.length === 0) return;
  const keys = withdrawn.flatMap(({ roomId, uploadKey, file }) => [
    incomingKey({ roomId, uploadKey }),
    ...(file === undefined ? [] : keysInFolder(roomId, file.folder)),
  ]);
  await removeFiles(ports, { keys, uploads: withdrawn });
}
