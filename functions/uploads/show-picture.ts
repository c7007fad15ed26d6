/** Shows a checked profile picture: makes its objects, and replaces the picture that the user shows. */
import { randomKey } from '../../shared/domain/files/attachment-id.ts';
import { keysOfPicture, pictureKey } from '../../shared/domain/files/object-keys.ts';
import type { Upload } from '../../shared/domain/model/uploads.ts';
import type { ObjectStore } from '../../shared/domain/ports/objects.ts';
import type { PictureStore } from '../../shared/domain/ports/pictures.ts';
import type { Clock, Random } from '../../shared/domain/ports/system.ts';
import type { UploadStore } from '../../shared/domain/ports/uploads.ts';
import { waitForAll } from '../../shared/domain/wait-for-all.ts';
import type { Checked, StoredObject, UploadedFile } from './check-file.ts';

export interface PicturePorts {
  uploads: Pick<UploadStore, 'get' | 'settle'>;
  pictures: Pick<PictureStore, 'find' | 'show'>;
  objects: Pick<ObjectStore, 'putUnsent' | 'remove'>;
  clock: Clock;
  random: Pick<Random, 'uuid'>;
  checkPicture(file: Omit<UploadedFile, 'name'>): Promise<Checked<StoredObject<'320' | '96'>[]>>;
}

/** More than other checks and requests of one user can be in the way at the same time. */
const maxTries = 8;

/** Returns the upload as it is then. Undefined when it is gone. */
export async function showPicture(
  ports: PicturePorts,
  upload: Upload,
  bytes: Uint8Array,
): Promise<Upload | undefined> {
  const { uploads, objects } = ports;
  const checked = await ports.checkPicture({ bytes, declaredType: upload.declaredType });
  if ('problem' in checked) return uploads.settle(upload, { problem: checked.problem });
  const { userId } = upload;
  const folder = randomKey(ports.random);
  await waitForAll(
    checked.file.map(({ name, bytes: made, headers }) =>
      objects.putUnsent(pictureKey(userId, folder, name), made, headers),
    ),
  );
  if (await replacePicture(ports, upload, folder)) return uploads.get(upload);
  await objects.remove(keysOfPicture(userId, folder));
  // The user has chosen another picture or none since, or is gone. Without effect when another run has shown this one.
  return uploads.settle(upload, { problem: 'outdated' });
}

/** Returns false when another run has decided about the upload, or the user must not show it any more. */
async function replacePicture(ports: PicturePorts, upload: Upload, folder: string): Promise<boolean> {
  const { pictures, clock, random } = ports;
  const { userId, createdAtMs } = upload;
  for (let tries = 0; tries < maxTries; tries += 1) {
    const shown = await pictures.find(userId);
    if (shown === undefined || (shown.chosenAtMs ?? 0) >= createdAtMs) return false;
    const step = {
      stepKey: randomKey(random),
      keep: keysOfPicture(userId, folder),
      ...(shown.folder !== null && { remove: keysOfPicture(userId, shown.folder) }),
    };
    const outcome = await pictures.show(upload, { folder, shown, step }, clock.now());
    if (outcome !== 'changed') return outcome === 'shown';
  }
  throw new Error(`The picture of a user changed ${maxTries} times during one check`);
}
