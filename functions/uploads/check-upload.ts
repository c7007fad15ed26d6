/**
 * Checks one upload. Runs of the same check may be repeated, overlap or end anywhere: each stores what it has made in a
 * folder of its own, and the run that records its result first decides which folder is served. Objects of all other runs
 * keep the tag by which the bucket deletes them, and no address leads to them.
 */
import { randomKey } from '../../shared/domain/files/attachment-id.ts';
import { fileKey, incomingKey } from '../../shared/domain/files/object-keys.ts';
import type { Upload, UploadPlace } from '../../shared/domain/model/uploads.ts';
import type { ObjectStore } from '../../shared/domain/ports/objects.ts';
import type { Random } from '../../shared/domain/ports/system.ts';
import type { UploadStore } from '../../shared/domain/ports/uploads.ts';
import { waitForAll } from '../../shared/domain/wait-for-all.ts';
import type { Checked, CheckedFile, UploadedFile } from './check-file.ts';

export interface CheckPorts {
  uploads: Pick<UploadStore, 'get' | 'settle'>;
  objects: Pick<ObjectStore, 'get' | 'putUnsent' | 'remove'>;
  random: Pick<Random, 'uuid'>;
  checkFile(file: UploadedFile): Promise<Checked<CheckedFile>>;
}

/** Decides about the bytes of an upload, and returns it as it is then; undefined when it is gone. */
export type SettleUpload = (upload: Upload, bytes: Uint8Array) => Promise<Upload | undefined>;

/**
 * Returns the upload as it is then: still awaited when nothing was posted. Undefined when it is gone.
 * @param settle for attachments by default
 */
export async function checkUpload(
  ports: CheckPorts,
  place: UploadPlace,
  settle: SettleUpload = (upload, bytes) => storeAttachment(ports, upload, bytes),
): Promise<Upload | undefined> {
  const { uploads, objects } = ports;
  const upload = await uploads.get(place);
  const posted = incomingKey(place);
  if (upload?.state !== 'awaited') {
    // Its form can be posted for some minutes, also after its check, its room or its user has ended.
    await objects.remove([posted]);
    return upload;
  }
  const bytes = await objects.get(posted);
  // Another run may have removed it since the upload was read.
  if (bytes === undefined) return uploads.get(place);
  const settled = await settle(upload, bytes);
  await objects.remove([posted]);
  return settled;
}

/** Checks an attachment, and stores what is served of it. */
export async function storeAttachment(
  ports: CheckPorts,
  upload: Upload,
  bytes: Uint8Array,
): Promise<Upload | undefined> {
  const { name, declaredType } = upload;
  const checked = await ports.checkFile({ bytes, declaredType, name });
  if ('problem' in checked) return ports.uploads.settle(upload, { problem: checked.problem });
  return store(ports, upload, checked.file);
}

/** Stores the objects of a file before its result is recorded, so that what is recorded can be had. */
async function store(
  { uploads, objects, random }: CheckPorts,
  upload: Upload,
  { type, size, dimensions, objects: made }: CheckedFile,
): Promise<Upload | undefined> {
  const folder = randomKey(random);
  const keyed = made.map((object) => ({ ...object, key: fileKey(upload, folder, object.name) }));
  await waitForAll(keyed.map(({ key, bytes, headers }) => objects.putUnsent(key, bytes, headers)));
  const settled = await uploads.settle(upload, { file: { folder, type, size, ...dimensions } });
  if (settled?.file?.folder !== folder) await objects.remove(keyed.map(({ key }) => key));
  return settled;
}
