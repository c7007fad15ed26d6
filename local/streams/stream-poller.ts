/** Reads the table's stream for one mapping and passes its records to the delivery in order. */

import { DynamoDbError, type DynamoDbClient } from '../engine/dynamodb-request.ts';
import type { StreamMapping } from '../stack.ts';
import type { Log } from '../log.ts';
import { pause } from '../pause.ts';
import type { DeliverBatch } from './batch-delivery.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { RecordPredicate } from './filter-pattern.ts';
import { openLanes } from './lanes.ts';
import { changesItem } from './unchanged-items.ts';
import { toStreamRecord, type RawStreamRecord } from './stream-record.ts';

export interface StreamPollerOptions {
  mapping: StreamMapping;
  /** The ARN that the database gives to the stream. */
  streamArn: string;
  /** The ARN that functions receive. */
  presentedArn: string;
  region: string;
  database: DynamoDbClient;
  deliver: DeliverBatch;
  checkpoints: Checkpoints;
  signal: AbortSignal;
  log: Log;
  /** Receives every record before the filters apply, and returns the record to deliver. */
  observe?: (record: RawStreamRecord) => RawStreamRecord;
}

interface Shard {
  ShardId: string;
}

/**
 * A poll costs about a millisecond of processor time even when it finds nothing. To keep polling cheaper than
 * the writes themselves, a pause follows each poll that did not fill its batches; a longer one when nothing
 * is written.
 */
const pollEveryMs = 25;
const idlePollEveryMs = 50;
const idleAfterMs = 2_000;
const rediscoverShardsEveryMs = 10_000;
/** The maximum of one GetRecords call. */
const maxRecordsPerRead = 1_000;

/** Reads all shards until the signal aborts. */
export async function pollStream(passes: RecordPredicate, options: StreamPollerOptions): Promise<void> {
  const started = new Map<string, Promise<void>>();
  while (!options.signal.aborted) {
    for (const { ShardId } of await listShards(options)) {
      if (!started.has(ShardId)) started.set(ShardId, pollShard(ShardId, passes, options));
    }
    await pause(rediscoverShardsEveryMs, options.signal);
  }
  await Promise.all(started.values());
}

async function listShards({ database, streamArn, log, signal }: StreamPollerOptions): Promise<Shard[]> {
  try {
    const answer = await database.call<{ StreamDescription: { Shards: Shard[] } }>(
      'DynamoDBStreams_20120810.DescribeStream',
      {
        StreamArn: streamArn,
      },
    );
    return answer.StreamDescription.Shards;
  } catch (error) {
    if (!signal.aborted) log.debug(`The shards of the table stream could not be listed: ${String(error)}`);
    return [];
  }
}

async function pollShard(
  shardId: string,
  passes: RecordPredicate,
  options: StreamPollerOptions,
): Promise<void> {
  const { mapping, checkpoints, database, deliver, signal, log, observe = (record) => record } = options;
  const maxRecords = mapping.batchSize * mapping.parallelizationFactor;
  const lanes = openLanes({
    count: mapping.parallelizationFactor,
    batchSize: mapping.batchSize,
    deliver: (records) => deliver(shardId, records),
    onProcessed: (sequenceNumber) => checkpoints.set(mapping.functionId, shardId, sequenceNumber),
    signal,
  });
  let readUpTo = checkpoints.get(mapping.functionId, shardId);
  let iterator: string | undefined;
  let lastRecordAtMs = 0;
  while (!signal.aborted) {
    if (lanes.waiting() >= maxRecords) {
      await lanes.progress();
      continue;
    }
    try {
      iterator ??= await shardIterator(shardId, readUpTo, options);
      const gathered = await gather(iterator);
      const last = gathered.records.at(-1);
      if (last !== undefined) {
        lastRecordAtMs = Date.now();
        const records = gathered.records
          .filter(changesItem)
          .map((record) => toStreamRecord(observe(record), options.region, options.presentedArn))
          .filter(passes);
        lanes.add(records, last.dynamodb.SequenceNumber);
        readUpTo = last.dynamodb.SequenceNumber;
      }
      if (gathered.next === undefined) break;
      iterator = gathered.next;
      const intervalMs = Date.now() - lastRecordAtMs < idleAfterMs ? pollEveryMs : idlePollEveryMs;
      if (gathered.records.length < maxRecords) await pause(intervalMs, signal);
    } catch (error) {
      // The database may be restarting or the iterator may have expired: continue after the last record read.
      iterator = undefined;
      if (!signal.aborted)
        log.debug(`The table stream could not be read and will be retried: ${String(error)}`);
      await pause(error instanceof DynamoDbError ? pollEveryMs * 10 : pollEveryMs, signal);
    }
  }
  await lanes.settled();

  async function gather(from: string) {
    const records: RawStreamRecord[] = [];
    let next: string | undefined = from;
    let windowEndsAtMs = Infinity;
    do {
      const answer: { Records: RawStreamRecord[]; NextShardIterator?: string } = await database.call(
        'DynamoDBStreams_20120810.GetRecords',
        { ShardIterator: next, Limit: Math.min(maxRecordsPerRead, maxRecords - records.length) },
      );
      records.push(...answer.Records);
      next = answer.NextShardIterator;
      if (records.length === 0) break;
      if (windowEndsAtMs === Infinity) windowEndsAtMs = Date.now() + mapping.batchingWindowSeconds * 1000;
      if (mapping.batchingWindowSeconds > 0 && answer.Records.length === 0) await pause(pollEveryMs, signal);
    } while (
      next !== undefined &&
      records.length < maxRecords &&
      Date.now() < windowEndsAtMs &&
      !signal.aborted
    );
    return { records, next };
  }
}

async function shardIterator(
  shardId: string,
  readUpTo: string | undefined,
  { mapping, database, streamArn }: StreamPollerOptions,
): Promise<string> {
  const position =
    readUpTo === undefined
      ? { ShardIteratorType: mapping.startingPosition }
      : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: readUpTo };
  const getIterator = (start: object) =>
    database.call<{ ShardIterator: string }>('DynamoDBStreams_20120810.GetShardIterator', {
      StreamArn: streamArn,
      ShardId: shardId,
      ...start,
    });
  try {
    return (await getIterator(position)).ShardIterator;
  } catch (error) {
    const isTrimmed = error instanceof DynamoDbError && error.name === 'TrimmedDataAccessException';
    if (!isTrimmed) throw error;
    return (await getIterator({ ShardIteratorType: 'TRIM_HORIZON' })).ShardIterator;
  }
}
