/** Reads the records of failed invocations that Lambda stores in a bucket. */
import type { DynamoDBRecord } from 'aws-lambda';

interface Stored {
  /** The key of the object. */
  key: string;
  /** The name of the function that failed, with its alias if it was invoked by one. */
  functionName: string;
}

/** Records of one shard of the table's stream, in their order. */
export interface FailedBatch extends Stored {
  kind: 'batch';
  /** The stream and the shard. */
  shard: string;
  records: DynamoDBRecord[];
}

/** The event of an asynchronous invocation. */
export interface FailedEvent extends Stored {
  kind: 'event';
  /** When Lambda gave the event up, in ISO format. */
  failedAt: string;
  event: unknown;
}

/** The members that both kinds of records have, and those of one of them. */
interface StoredRecord {
  timestamp?: string;
  requestContext?: { functionArn?: string };
  DDBStreamBatchInfo?: { shardId?: string; streamArn?: string };
  /** The event of a batch, as a text or as it is. */
  payload?: string | { Records?: DynamoDBRecord[] };
  requestPayload?: unknown;
}

/**
 * Reads one object.
 * @throws Error when it is not the record of a failed invocation, or lacks the event
 */
export function readFailure(key: string, text: string): FailedBatch | FailedEvent {
  const record = JSON.parse(text) as StoredRecord;
  const functionName = /:function:([^:]+(?::(?!\$LATEST)[^:]+)?)/.exec(
    record.requestContext?.functionArn ?? '',
  )?.[1];
  if (functionName === undefined) throw new Error('it does not name a function');
  if (record.DDBStreamBatchInfo !== undefined) {
    const { streamArn = '', shardId = '' } = record.DDBStreamBatchInfo;
    const payload = typeof record.payload === 'string' ? parseEvent(record.payload) : record.payload;
    const records = payload?.Records ?? [];
    if (records.length === 0) throw new Error('it has no stream records');
    return { kind: 'batch', key, functionName, shard: `${streamArn} ${shardId}`, records };
  }
  if (record.requestPayload === undefined) throw new Error('it has no event');
  return {
    kind: 'event',
    key,
    functionName,
    failedAt: record.timestamp ?? '',
    event: record.requestPayload,
  };
}

const parseEvent = (text: string): { Records?: DynamoDBRecord[] } =>
  JSON.parse(text) as { Records?: DynamoDBRecord[] };

/** Returns the number by which the records of a shard are ordered. */
export const sequenceOf = ({ dynamodb }: DynamoDBRecord): bigint => BigInt(dynamodb?.SequenceNumber ?? 0);
