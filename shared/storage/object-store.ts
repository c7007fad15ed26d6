/** The bucket of files, over S3. All requests are bounded in time. */
import {
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type GetObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { boundedClient } from '../aws/bounded-client.ts';
import { defaultProvider } from '../aws/environment-credentials.ts';
import { chunk } from '../domain/chunk.ts';
import { unsentTag } from '../domain/files/object-keys.ts';
import type { ObjectStore } from '../domain/ports/objects.ts';
import { waitForAll } from '../domain/wait-for-all.ts';

/** Until S3 has begun to answer. Together the tries leave time for the check of an image. */
const bounds = { tryMs: 2_500, maxTries: 3 };

/** Until the last byte of a file has arrived, which the client does not bound. A function reads 10 MiB in half a second. */
const maxBodyMs = 6_000;

/** What one request may list or delete. */
const maxKeys = 1_000;

/** Opens the bucket of that name. The endpoint of a local run names buckets in the path. */
export function openObjectStore(
  Bucket: string,
  client: S3Client = newClient(),
  bodyMs = maxBodyMs,
): ObjectStore {
  /**
   * Whether an error says that an object does not exist. To a role that may list only a folder, S3 says that reading it is
   * not allowed; the list of the folder then tells.
   */
  async function isMissing(error: unknown, key: string): Promise<boolean> {
    const name = error instanceof Error ? error.name : '';
    if (name === 'NoSuchKey') return true;
    if (name !== 'AccessDenied') return false;
    const { Contents = [] } = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix: key, MaxKeys: 1 }),
    );
    return Contents[0]?.Key !== key;
  }

  async function ifPresent<T>(key: string, request: () => Promise<T>): Promise<T | undefined> {
    try {
      return await request();
    } catch (error) {
      if (await isMissing(error, key)) return undefined;
      throw error;
    }
  }

  const untag = (key: string) => client.send(new DeleteObjectTaggingCommand({ Bucket, Key: key }));

  async function remove(keys: readonly string[]): Promise<void> {
    for (const part of chunk(keys, maxKeys)) {
      const Objects = part.map((Key) => ({ Key }));
      const { Errors = [] } = await client.send(
        new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
      );
      const [first] = Errors;
      if (first !== undefined)
        throw new Error(`S3 did not delete ${Errors.length} objects: ${first.Code} ${first.Message}`);
    }
  }

  return {
    async get(key) {
      const found = await ifPresent(key, () => client.send(new GetObjectCommand({ Bucket, Key: key })));
      return found === undefined ? undefined : bytesOf(found, bodyMs);
    },
    async putUnsent(key, bytes, { contentType, contentDisposition, cacheControl }) {
      await client.send(
        new PutObjectCommand({
          Bucket,
          Key: key,
          Body: bytes,
          ContentType: contentType,
          ContentDisposition: contentDisposition,
          CacheControl: cacheControl,
          Tagging: `${unsentTag.key}=${unsentTag.value}`,
        }),
      );
    },
    async keep(keys) {
      await waitForAll(keys.map((key) => ifPresent(key, () => untag(key))));
    },
    remove,
    async removeBelow(prefix, { limit }) {
      // Without the slash, it would be the start of the names of other folders, too.
      if (!/^\w+\/.*\/$/.test(prefix)) throw new Error(`"${prefix}" is not a folder of the bucket`);
      let left = limit;
      for (;;) {
        const { Contents = [], IsTruncated = false } = await client.send(
          new ListObjectsV2Command({ Bucket, Prefix: prefix, MaxKeys: Math.min(left, maxKeys) }),
        );
        await remove(Contents.flatMap(({ Key }) => Key ?? []));
        left -= Contents.length;
        if (!IsTruncated || left <= 0) return { isDone: !IsTruncated };
      }
    },
  };
}

function newClient(): S3Client {
  const credentials = defaultProvider();
  const forcePathStyle = process.env['AWS_ENDPOINT_URL_S3'] !== undefined;
  return boundedClient(
    bounds,
    (config) =>
      new S3Client({
        ...config,
        credentials,
        forcePathStyle,
        // Checksums beside the signature, which covers the body.
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
      }),
  );
}

/** Reads the body of an answer, whose connection is cut when that takes longer. */
async function bytesOf({ Body }: GetObjectCommandOutput, bodyMs: number): Promise<Uint8Array> {
  const body = Body as NodeJS.ReadableStream & { destroy(error: Error): void };
  const timer = setTimeout(() => body.destroy(new Error('S3 did not send all of a file in time')), bodyMs);
  try {
    const parts: Buffer[] = [];
    for await (const part of body) parts.push(part as Buffer);
    return Buffer.concat(parts);
  } finally {
    clearTimeout(timer);
  }
}
