/**
 * The buckets of a local run, each in a folder next to the data. They hold the records of failed invocations and the files of
 * users, and report new objects to queues and to subscribers, as S3 does.
 */

import { join } from 'node:path';
import type { BucketDefinition } from '../bucket-definition.ts';
import { queueNotification, type CreatedObject, type CreationReason } from './s3/notification.ts';
import {
  openObjectFiles,
  type ObjectDetails,
  type ObjectFiles,
  type StoredObject,
} from './s3/object-files.ts';

export type { StoredObject } from './s3/object-files.ts';

export interface NewObject extends Partial<ObjectDetails> {
  reason?: CreationReason;
}

export interface Buckets {
  /** The names of all buckets. */
  names(): string[];
  /** Returns the bucket with a name, undefined when there is none. */
  definition(bucketName: string): BucketDefinition | undefined;
  /** Stores an object, in place of one with the same key. */
  put(bucketName: string, key: string, body: Buffer | string, details?: NewObject): StoredObject;
  /** Returns an object without its body, undefined when there is none with that key. */
  find(bucketName: string, key: string): StoredObject | undefined;
  /** Returns an object with its body, undefined when there is none with that key. */
  get(bucketName: string, key: string): (StoredObject & { body: Buffer }) | undefined;
  /** Replaces the tags of an object that exists. */
  setTags(bucketName: string, key: string, tags: Record<string, string>): void;
  /** Deletes an object; has no effect when there is none with that key. */
  delete(bucketName: string, key: string): void;
  /** Returns the objects whose keys start with a prefix, in the order of their keys. */
  list(bucketName: string, prefix?: string): StoredObject[];
  /** Makes all objects older. */
  age(byMs: number): void;
  /** Calls back for each new object from now on. */
  onCreated(report: (created: CreatedObject) => void): void;
}

export interface BucketsOptions {
  definitions: BucketDefinition[];
  /** Has a folder for each bucket. */
  directory: string;
  region: string;
  sendToQueue: (queueId: string, body: string) => void;
}

/** Opens the buckets, and creates the folders that do not exist. */
export function openBuckets({ definitions, directory, region, sendToQueue }: BucketsOptions): Buckets {
  const files = new Map(
    definitions.map(({ bucketName }) => [bucketName, openObjectFiles(join(directory, bucketName))]),
  );
  const definition = (name: string): BucketDefinition | undefined =>
    definitions.find(({ bucketName }) => bucketName === name);
  const reports: ((created: CreatedObject) => void)[] = [];

  function filesOf(bucketName: string): ObjectFiles {
    const found = files.get(bucketName);
    if (found === undefined) throw new Error(`There is no bucket ${bucketName}`);
    return found;
  }

  return {
    names: () => [...files.keys()],
    definition,
    put(bucketName, key, body, { headers = {}, tags = {}, reason = 'PutObject' } = {}) {
      const object = filesOf(bucketName).put(key, Buffer.from(body), { headers, tags });
      for (const queueId of definition(bucketName)?.notifiedQueueIds ?? [])
        sendToQueue(queueId, JSON.stringify(queueNotification({ bucketName, object, reason, region })));
      for (const report of reports) report({ bucketName, object, reason });
      return object;
    },
    find: (bucketName, key) => filesOf(bucketName).find(key),
    get(bucketName, key) {
      const object = filesOf(bucketName).find(key);
      return object && { ...object, body: filesOf(bucketName).read(key) };
    },
    setTags: (bucketName, key, tags) => filesOf(bucketName).update(key, { tags }),
    delete: (bucketName, key) => filesOf(bucketName).delete(key),
    list: (bucketName, prefix = '') =>
      filesOf(bucketName)
        .all()
        .filter(({ key }) => key.startsWith(prefix)),
    age(byMs) {
      for (const each of files.values())
        for (const { key, modifiedAtMs } of each.all())
          each.update(key, { modifiedAtMs: modifiedAtMs - byMs });
    },
    onCreated: (report) => void reports.push(report),
  };
}
