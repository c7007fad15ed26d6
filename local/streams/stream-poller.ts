/**
 * Reads the table's stream for one mapping, shard by shard, and has its records delivered in order.
 * What delivery means is in `batch-delivery.ts`.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDbError, type DynamoDbClient } from '../engine/dynamodb-request.ts';
import type { StreamMapping } from '../stack.ts';
import type { Log } from '../log.ts';
import type { DeliverBatch } from './batch-delivery.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { RecordPredicate } from './filter-pattern.ts';
import { openLanes } from './lanes.ts';
import { toStreamRecord, type RawStreamRecord } from './stream-record.ts';

export interface StreamPollerOptions {
  mapping: StreamMapping;
  /** As the database names the stream. */
  streamArn: string;
  /** As functions see it. */
  presentedArn: string;
  region: string;
  database: DynamoDbClient;
  deliver: DeliverBatch;
  checkpoints: Checkpoints;
  signal: AbortSignal;
  log: Log;
  /** Sees every record, also those that no filter passes, and gives it back as it is to be delivered. */
  see?: (record: RawStreamRecord) => RawStreamRecord;
}

interface Shard {
  ShardId: string;
}

/**
 * A poll costs a millisecond of processor time, however little it finds. While much is written, one after the other
 * would cost as much as the writing; so there is a pause after each that did not fill its batches, a longer one when
 * nothing happens.
 */
const pollEveryMs = 25;
const idlePollEveryMs = 50;
const idleAfterMs = 2_000;
const rediscoverShardsEveryMs = 10_000;
/** As many as one GetRecords call gives at most. */
const largestRead = 1_000;

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
    if (!signal.aborted) log.debug(`the stream's shards could not be listed: ${String(error)}`);
    return [];
  }
}

async function pollShard(
  shardId: string,
  passes: RecordPredicate,
  options: StreamPollerOptions,
): Promise<void> {
  const { mapping, checkpoints, database, deliver, signal, log, see = (record) => record } = options;
  const enough = mapping.batchSize * mapping.parallelizationFactor;
  const lanes = openLanes({
    count: mapping.parallelizationFactor,
    batchSize: mapping.batchSize,
    deliver: (records) => deliver(shardId, records),
    done: (sequenceNumber) => checkpoints.set(mapping.functionId, shardId, sequenceNumber),
    signal,
  });
  let readUpTo = checkpoints.get(mapping.functionId, shardId);
  let iterator: string | undefined;
  let lastRecordAt = 0;
  while (!signal.aborted) {
    if (lanes.waiting() >= enough) {
      await lanes.progress();
      continue;
    }
    try {
      iterator ??= await shardIterator(shardId, readUpTo, options);
      const gathered = await gather(iterator);
      const last = gathered.records.at(-1);
      if (last !== undefined) {
        lastRecordAt = Date.now();
        const records = gathered.records
          .map((record) => toStreamRecord(see(record), options.region, options.presentedArn))
          .filter(passes);
        lanes.add(records, last.dynamodb.SequenceNumber);
        readUpTo = last.dynamodb.SequenceNumber;
      }
      if (gathered.next === undefined) break;
      iterator = gathered.next;
      const interval = Date.now() - lastRecordAt < idleAfterMs ? pollEveryMs : idlePollEveryMs;
      if (gathered.records.length < enough) await pause(interval, signal);
    } catch (error) {
      // The database may be restarting, or an iterator may have expired: begin again after the last record read.
      iterator = undefined;
      if (!signal.aborted) log.debug(`reading the stream failed, it is tried again: ${String(error)}`);
      await pause(error instanceof DynamoDbError ? pollEveryMs * 10 : pollEveryMs, signal);
    }
  }
  await lanes.settled();

  async function gather(from: string) {
    const records: RawStreamRecord[] = [];
    let next: string | undefined = from;
    let windowEnds = Infinity;
    do {
      const answer: { Records: RawStreamRecord[]; NextShardIterator?: string } = await database.call(
        'DynamoDBStreams_20120810.GetRecords',
        { ShardIterator: next, Limit: Math.min(largestRead, enough - records.length) },
      );
      records.push(...answer.Records);
      next = answer.NextShardIterator;
      if (records.length === 0) break;
      if (windowEnds === Infinity) windowEnds = Date.now() + mapping.batchingWindowSeconds * 1000;
      if (mapping.batchingWindowSeconds > 0 && answer.Records.length === 0) await pause(pollEveryMs, signal);
    } while (next !== undefined && records.length < enough && Date.now() < windowEnds && !signal.aborted);
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
  const ask = (from: object) =>
    database.call<{ ShardIterator: string }>('DynamoDBStreams_20120810.GetShardIterator', {
      StreamArn: streamArn,
      ShardId: shardId,
      ...from,
    });
  try {
    return (await ask(position)).ShardIterator;
  } catch (error) {
    const trimmed = error instanceof DynamoDbError && error.name === 'TrimmedDataAccessException';
    if (!trimmed) throw error;
    return (await ask({ ShardIteratorType: 'TRIM_HORIZON' })).ShardIterator;
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}
