/** Wires the uploads function: the one place where its ports get their adapters. */
import { defaultProvider } from '../../shared/aws/environment-credentials.ts';
import { bucketUrl, presignedGet } from '../../shared/aws/presigned-get.ts';
import { readConfig } from '../../shared/lambda/config.ts';
import { failureLog } from '../../shared/lambda/logger.ts';
import { metrics } from '../../shared/lambda/metrics.ts';
import { secretReader } from '../../shared/lambda/secrets.ts';
import { clock, random } from '../../shared/lambda/system.ts';
import { uploadStore } from '../../shared/storage/entities/upload.ts';
import { openObjectStore } from '../../shared/storage/object-store.ts';
import { openTable } from '../../shared/storage/open-table.ts';
import { pictureStore } from '../../shared/storage/entities/picture.ts';
import type { AddressPorts } from './answer-address.ts';
import type { UploadedFile } from './check-file.ts';
import type { CheckPorts } from './check-upload.ts';
import { measuringChecks } from './measure-checks.ts';
import type { PicturePorts } from './show-picture.ts';

export function dependencies() {
  const config = readConfig('uploads');
  const region = process.env['AWS_REGION'] ?? '';
  const url = bucketUrl(config.filesBucketName, region, process.env['AWS_ENDPOINT_URL_S3']);
  const credentialsOf = defaultProvider();
  const db = openTable(config.tableName);
  const measured = measuringChecks({ clock, metrics });
  return {
    uploads: uploadStore(db),
    pictures: pictureStore(db),
    objects: openObjectStore(config.filesBucketName),
    random,
    // The image library takes 0.3 seconds to load, which an address need not wait for.
    checkFile: measured(async (file: UploadedFile) =>
      (await import('./check-file.ts')).checkAttachment(file),
    ),
    checkPicture: measured(async (file: Omit<UploadedFile, 'name'>) =>
      (await import('./check-file.ts')).checkPicture(file),
    ),
    filesKeys: secretReader(config.filesKeySecretId),
    async presign(key, lifetimeSeconds) {
      const credentials = await credentialsOf();
      const nowMs = clock.now();
      return presignedGet(key, { bucketUrl: url, region, credentials, nowMs, lifetimeSeconds });
    },
    clock,
    logger: failureLog,
  } satisfies CheckPorts & PicturePorts & AddressPorts & Record<string, unknown>;
}

export type Dependencies = ReturnType<typeof dependencies>;
