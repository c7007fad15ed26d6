/** Sends the records of failed invocations to the queue or the bucket that the template names. */

import { randomUUID } from 'node:crypto';
import type { FailureDestination } from '../stack.ts';
import type { Buckets } from './buckets.ts';
import type { Queues } from './queues.ts';

export interface FailedInvocationRecord {
  /** The part of an object's key that says what failed: `<mapping>/<shard>`, or `async/<function>`. */
  origin: string;
  /** What both queues and buckets receive. */
  record: object;
  /** What only a bucket receives besides. */
  onlyInBucket?: object;
}

export type SendFailedInvocation = (destination: FailureDestination, failed: FailedInvocationRecord) => void;

/** Creates the sender; `bucketNames` has the name of each bucket by its logical id. */
export function failedInvocations(
  queues: Pick<Queues, 'send'>,
  buckets: Pick<Buckets, 'put'>,
  bucketNames: ReadonlyMap<string, string>,
): SendFailedInvocation {
  return ({ kind, logicalId }, { origin, record, onlyInBucket = {} }) => {
    if (kind === 'queue') return queues.send(logicalId, JSON.stringify(record));
    buckets.put(
      bucketNames.get(logicalId)!,
      failureKey(origin, new Date()),
      JSON.stringify({ ...record, ...onlyInBucket }),
    );
  };
}

/**
 * Returns the key under which Lambda stores the record of a failure.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html and
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function failureKey(origin: string, at: Date): string {
  const [day = '', time = ''] = at.toISOString().split('T');
  const clock = time.slice(0, 8).replaceAll(':', '.');
  return `aws/lambda/${origin}/${day.replaceAll('-', '/')}/${day}T${clock}-${randomUUID()}`;
}
