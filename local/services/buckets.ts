/**
 * The buckets of a local run, each in a folder next to the data. They hold the records of failed invocations, and notify
 * queues of new objects as S3 does.
 */

import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../error-details.ts';
import type { BucketDefinition } from '../stack.ts';

export interface StoredObject {
  key: string;
  sizeBytes: number;
  modifiedAtMs: number;
}

export interface Buckets {
  /** The names of all buckets. */
  names(): string[];
  /** Whether there is a bucket with a name. */
  has(bucketName: string): boolean;
  /** Stores an object, in place of one with the same key. */
  put(bucketName: string, key: string, body: string): void;
  /** Returns the body of an object, undefined when there is none with that key. */
  get(bucketName: string, key: string): string | undefined;
  /** Deletes an object; has no effect when there is none with that key. */
  delete(bucketName: string, key: string): void;
  /** Returns the objects whose keys start with a prefix, in the order of their keys. */
  list(bucketName: string, prefix?: string): StoredObject[];
}

export interface BucketsOptions {
  definitions: BucketDefinition[];
  /** Has a folder for each bucket. */
  directory: string;
  region: string;
  sendToQueue: (queueId: string, body: string) => void;
}

const suffix = '.object';

/** Opens the buckets, and creates the folders that do not exist. */
export function openBuckets({ definitions, directory, region, sendToQueue }: BucketsOptions): Buckets {
  const folderOf = (bucketName: string): string => join(directory, bucketName);
  // Keys are encoded, so that no key leads out of the folder.
  const fileOf = (bucketName: string, key: string): string =>
    join(folderOf(bucketName), encodeURIComponent(key) + suffix);
  for (const { bucketName } of definitions) mkdirSync(folderOf(bucketName), { recursive: true });

  return {
    names: () => definitions.map(({ bucketName }) => bucketName),
    has: (name) => definitions.some(({ bucketName }) => bucketName === name),
    put(bucketName, key, body) {
      const file = fileOf(bucketName, key);
      // Renamed once it is complete, so that a crash never leaves a partial object.
      writeFileSync(`${file}.new`, body);
      renameSync(`${file}.new`, file);
      const { notifiedQueueIds = [] } = definitions.find((one) => one.bucketName === bucketName) ?? {};
      for (const queueId of notifiedQueueIds)
        sendToQueue(queueId, JSON.stringify(notification({ bucketName, key, body, region })));
    },
    get(bucketName, key) {
      try {
        return readFileSync(fileOf(bucketName, key), 'utf8');
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return undefined;
        throw error;
      }
    },
    delete: (bucketName, key) => rmSync(fileOf(bucketName, key), { force: true }),
    list(bucketName, prefix = '') {
      return readdirSync(folderOf(bucketName))
        .filter((name) => name.endsWith(suffix))
        .map((name) => decodeURIComponent(name.slice(0, -suffix.length)))
        .filter((key) => key.startsWith(prefix))
        .toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
        .map((key) => {
          const { size, mtimeMs } = statSync(fileOf(bucketName, key));
          return { key, sizeBytes: size, modifiedAtMs: mtimeMs };
        });
    },
  };
}

interface NewObject {
  bucketName: string;
  key: string;
  body: string;
  region: string;
}

/**
 * Returns the event with which S3 reports a new object.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
function notification({ bucketName, key, body, region }: NewObject): object {
  return {
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: region,
        eventTime: new Date().toISOString(),
        eventName: 'ObjectCreated:Put',
        responseElements: { 'x-amz-request-id': randomUUID() },
        s3: {
          s3SchemaVersion: '1.0',
          bucket: { name: bucketName, arn: `arn:aws:s3:::${bucketName}` },
          object: {
            key: encodeURIComponent(key).replaceAll('%2F', '/'),
            size: Buffer.byteLength(body),
            eTag: createHash('md5').update(body).digest('hex'),
          },
        },
      },
    ],
  };
}
