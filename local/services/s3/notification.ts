/** The events with which S3 reports a new object: to a queue, and to EventBridge. */

import { randomUUID } from 'node:crypto';
import type { StoredObject } from './object-files.ts';

/** The operation that created an object, in the words of S3's events. */
export type CreationReason = 'PutObject' | 'POST Object';

export interface CreatedObject {
  bucketName: string;
  object: StoredObject;
  reason: CreationReason;
}

/**
 * Returns the message for a queue.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function queueNotification({
  bucketName,
  object: { key, sizeBytes, etag },
  reason,
  region,
}: CreatedObject & { region: string }): object {
  return {
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: region,
        eventTime: new Date().toISOString(),
        eventName: reason === 'PutObject' ? 'ObjectCreated:Put' : 'ObjectCreated:Post',
        responseElements: { 'x-amz-request-id': randomUUID() },
        s3: {
          s3SchemaVersion: '1.0',
          bucket: { name: bucketName, arn: `arn:aws:s3:::${bucketName}` },
          object: {
            key: encodeURIComponent(key).replaceAll('%2F', '/'),
            size: sizeBytes,
            eTag: etag.slice(1, -1),
          },
        },
      },
    ],
  };
}

/**
 * Returns the event for EventBridge, whose rules match it. Its key is not encoded.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function objectCreatedEvent({
  bucketName,
  object: { key, sizeBytes, etag },
  reason,
  region,
  accountId,
}: CreatedObject & { region: string; accountId: string }): Record<string, unknown> {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: accountId,
    time: `${new Date().toISOString().slice(0, 19)}Z`,
    region,
    resources: [`arn:aws:s3:::${bucketName}`],
    detail: {
      version: '0',
      bucket: { name: bucketName },
      object: { key, size: sizeBytes, etag: etag.slice(1, -1), sequencer: sequencer() },
      'request-id': randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase(),
      requester: accountId,
      'source-ip-address': '127.0.0.1',
      reason,
    },
  };
}

let lastSequence = 0n;

/** Returns hexadecimal digits that are greater than those of all earlier events of this run and of runs before it. */
function sequencer(): string {
  const now = BigInt(Date.now()) << 16n;
  lastSequence = now > lastSequence ? now : lastSequence + 1n;
  return lastSequence.toString(16).toUpperCase().padStart(18, '0');
}
