import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { DynamoDbClient } from '../../../local/engine/dynamodb-request.ts';
import { createLog } from '../../../local/log.ts';
import { pollStream } from '../../../local/streams/stream-poller.ts';

const streamArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/1';

/** Creates a stream with one shard to which tests append records, and which logs its reads. */
function growingStream() {
  const records: object[] = [];
  const reads: number[] = [];
  const answers: Record<string, (input: any) => object> = {
    DescribeStream: () => ({ StreamDescription: { Shards: [{ ShardId: 's' }] } }),
    GetShardIterator: ({ SequenceNumber }) => ({
      ShardIterator: SequenceNumber === undefined ? '0' : String(Number(SequenceNumber) + 1),
    }),
    GetRecords({ ShardIterator, Limit }) {
      const from = Number(ShardIterator);
      const page = records.slice(from, from + Limit);
      reads.push(page.length);
      return { Records: page, NextShardIterator: String(from + page.length) };
    },
  };
  /** How many of the next reads fail as if the database were down. */
  let failures = 0;
  const database = {
    async call(target: string, input: any) {
      // As slow as the engine, so that records are written in the meantime.
      await delay(5);
      if (target.endsWith('GetRecords') && failures > 0) {
        failures -= 1;
        throw new Error('connection refused');
      }
      return answers[target.split('.')[1]!]!(input);
    },
  } as unknown as DynamoDbClient;
  return {
    database,
    reads,
    failNext: (count: number) => void (failures = count),
    write(): void {
      const number = records.length;
      records.push({
        eventID: `e${number}`,
        eventName: 'INSERT',
        dynamodb: { Keys: { pk: { S: `p${number}` }, sk: { S: 's' } }, SequenceNumber: String(number) },
      });
    },
  };
}

function optionsOf(
  { database }: ReturnType<typeof growingStream>,
  batchSize: number,
  stopping: AbortController,
) {
  return {
    mapping: { functionId: 'f', batchSize, parallelizationFactor: 1, batchingWindowSeconds: 0 } as never,
    streamArn,
    presentedArn: streamArn,
    region: 'us-east-1',
    database,
    checkpoints: { get: () => undefined, set: () => undefined, close: () => Promise.resolve() },
    signal: stopping.signal,
    log: createLog('silent'),
  };
}

/** Polls until `count` records have been delivered; returns the number of records in each batch. */
async function pollUntilDelivered(
  stream: ReturnType<typeof growingStream>,
  batchSize: number,
  count: number,
): Promise<number[]> {
  const stopping = new AbortController();
  const delivered: number[] = [];
  await pollStream(() => true, {
    ...optionsOf(stream, batchSize, stopping),
    async deliver(_shard, batch) {
      delivered.push(batch.length);
      if (delivered.reduce((sum, one) => sum + one, 0) >= count) stopping.abort();
    },
  });
  return delivered;
}

describe('polling a stream', () => {
  it('does not read once per record when records arrive one at a time', async () => {
    const stream = growingStream();
    const writing = setInterval(() => stream.write(), 2);
    const delivered = await pollUntilDelivered(stream, 1_000, 60);
    clearInterval(writing);
    expect(delivered.length).toBeLessThan(15);
  });

  it('reads without pauses while it is behind', async () => {
    const stream = growingStream();
    for (let count = 0; count < 2_000; count += 1) stream.write();
    const startedAtMs = performance.now();
    expect(await pollUntilDelivered(stream, 10, 2_000)).toEqual(Array(200).fill(10));
    // With a pause after each read it would take five seconds.
    expect(performance.now() - startedAtMs).toBeLessThan(2_500);
  });

  it('continues after the last record read when the database fails, even before that record is processed', async () => {
    const stream = growingStream();
    const stopping = new AbortController();
    const delivered: string[][] = [];
    let finish = (): void => {};
    const held = new Promise<void>((resolve) => (finish = resolve));
    stream.write();
    await pollStream(() => true, {
      ...optionsOf(stream, 10, stopping),
      async deliver(_shard, batch) {
        delivered.push(batch.map(({ dynamodb }) => dynamodb.SequenceNumber));
        if (delivered.length === 1) {
          stream.failNext(2);
          stream.write();
          setTimeout(finish, 200);
          await held;
        } else stopping.abort();
      },
    });
    expect(delivered).toEqual([['0'], ['1']]);
  });
});
