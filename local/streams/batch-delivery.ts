/**
 * Delivers a batch of stream records to a function as its mapping says: with retries, bisection, partial
 * failures, a maximum record age, and a failure destination for the records that are given up.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */

import { randomUUID } from 'node:crypto';
import type { Invoke, InvocationResult } from '../functions/invocation.ts';
import type { Log } from '../log.ts';
import type { SendFailedInvocation } from '../services/failed-invocations.ts';
import type { StreamMapping } from '../stack.ts';
import { pause } from '../pause.ts';
import type { StreamRecord } from './stream-record.ts';

export interface DeliveryOptions {
  mapping: StreamMapping;
  functionArn: string;
  streamArn: string;
  invoke: Invoke;
  sendFailure: SendFailedInvocation;
  log: Log;
  signal: AbortSignal;
  /** Returns the wait before a retry by the number of earlier retries; much shorter than on AWS. */
  retryDelayMs?: (retries: number) => number;
}

export type DeliverBatch = (shardId: string, records: StreamRecord[]) => Promise<void>;

/**
 * What came of an invocation: it failed as a whole, or it reported the first record that failed, by its index. A report is
 * not an invocation that failed: it never makes Lambda halve the batch.
 */
type Outcome =
  | { kind: 'done' }
  | { kind: 'failed'; result: InvocationResult }
  | { kind: 'reported'; failedFrom: number; result: InvocationResult };

/** Why records were given up. */
interface GivenUp {
  condition: 'RecordAgeExceeded' | 'RetryAttemptsExhausted';
  invokeCount: number;
  result?: InvocationResult;
}

/** Creates the delivery of one mapping. It settles when all records are processed or given up. */
export function createBatchDelivery(options: DeliveryOptions): DeliverBatch {
  const { mapping, functionArn, streamArn, invoke, sendFailure, log, signal } = options;
  const retryDelayMs = options.retryDelayMs ?? ((retries) => Math.min(1_000, 50 * 2 ** retries));

  async function deliver(shardId: string, batch: StreamRecord[], previousRetries: number): Promise<void> {
    let records = batch;
    let retries = previousRetries;
    while (!signal.aborted) {
      const expired = records.filter(isTooOld);
      if (expired.length > 0) {
        discard(shardId, expired, { condition: 'RecordAgeExceeded', invokeCount: retries });
        records = records.filter((record) => !expired.includes(record));
      }
      if (records.length === 0) return;

      const outcome = await attempt(records);
      if (outcome.kind === 'done') return;
      const { bisectBatchOnFunctionError: bisects } = mapping;
      // Splitting a batch does not count as a retry.
      if (bisects && outcome.kind === 'failed' && records.length > 1) {
        const middle = Math.ceil(records.length / 2);
        await deliver(shardId, records.slice(0, middle), retries);
        records = records.slice(middle);
        continue;
      }
      if (outcome.kind === 'reported' && outcome.failedFrom > 0) {
        // The batch is split at the reported record. That record is the first of the rest, and nothing separates it from
        // the records behind it any more.
        records = records.slice(outcome.failedFrom);
        if (bisects) continue;
      }
      if (mapping.maximumRetryAttempts >= 0 && retries >= mapping.maximumRetryAttempts) {
        const { result } = outcome;
        discard(shardId, records, { condition: 'RetryAttemptsExhausted', invokeCount: retries + 1, result });
        return;
      }
      await pause(retryDelayMs(retries), signal);
      retries += 1;
    }
  }

  async function attempt(records: StreamRecord[]): Promise<Outcome> {
    const result = await invoke(mapping.functionId, { Records: records });
    if (!result.ok) return { kind: 'failed', result };
    if (!mapping.reportBatchItemFailures) return { kind: 'done' };
    const failedFrom = firstFailure(result.payload, records);
    return failedFrom === undefined ? { kind: 'done' } : { kind: 'reported', failedFrom, result };
  }

  function isTooOld({ dynamodb }: StreamRecord): boolean {
    const maxAgeSeconds = mapping.maximumRecordAgeSeconds;
    return maxAgeSeconds >= 0 && Date.now() / 1000 - dynamodb.ApproximateCreationDateTime > maxAgeSeconds;
  }

  function discard(
    shardId: string,
    records: StreamRecord[],
    { condition, invokeCount, result }: GivenUp,
  ): void {
    const reason = result && !result.ok ? `: ${result.errorType}: ${result.errorMessage}` : '';
    log.warn(`Gave up ${records.length} stream record(s) for ${mapping.functionId}: ${condition}${reason}`);
    if (mapping.onFailure === undefined) return;
    const [first, last] = [records[0]!.dynamodb, records.at(-1)!.dynamodb];
    const record = {
      requestContext: {
        requestId: randomUUID(),
        functionArn,
        condition,
        approximateInvokeCount: invokeCount,
      },
      ...(result && {
        responseContext: {
          statusCode: 200,
          executedVersion: '$LATEST',
          functionError: result.ok ? null : 'Unhandled',
        },
      }),
      version: '1.0',
      timestamp: new Date().toISOString(),
      DDBStreamBatchInfo: {
        shardId,
        startSequenceNumber: first.SequenceNumber,
        endSequenceNumber: last.SequenceNumber,
        approximateArrivalOfFirstRecord: isoTime(first.ApproximateCreationDateTime),
        approximateArrivalOfLastRecord: isoTime(last.ApproximateCreationDateTime),
        batchSize: records.length,
        streamArn,
      },
    };
    sendFailure(mapping.onFailure, {
      origin: `${mapping.mappingId}/${shardId}`,
      record,
      // The event itself, as a text in the JSON of the record.
      onlyInBucket: { payload: JSON.stringify({ Records: records }) },
    });
  }

  return (shardId, records) => deliver(shardId, records, 0);
}

/**
 * Returns the index of the first record that the function reports as failed, undefined when it reports none.
 * A report that is malformed, or names a record outside the batch, counts as one of the first record.
 */
function firstFailure(payload: string, records: StreamRecord[]): number | undefined {
  const report: { batchItemFailures?: unknown } | null = JSON.parse(payload);
  const failures = report?.batchItemFailures ?? [];
  if (!Array.isArray(failures)) return 0;
  const indexes = failures.map((failure: { itemIdentifier?: unknown } | null) =>
    records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === failure?.itemIdentifier),
  );
  if (indexes.length === 0) return undefined;
  return Math.max(0, Math.min(...indexes));
}

function isoTime(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString();
}
