import { beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../../local/log.ts';
import type { InvocationResult } from '../../../local/functions/invocation.ts';
import type { StreamMapping } from '../../../local/stack.ts';
import { createBatchDelivery } from '../../../local/streams/batch-delivery.ts';
import { toStreamRecord, type StreamRecord } from '../../../local/streams/stream-record.ts';

const mapping: StreamMapping = {
  mappingId: 'mapping-1',
  functionId: 'TableStream',
  batchSize: 10,
  batchingWindowSeconds: 0,
  startingPosition: 'TRIM_HORIZON',
  parallelizationFactor: 1,
  maximumRetryAttempts: 2,
  maximumRecordAgeSeconds: -1,
  bisectBatchOnFunctionError: false,
  reportBatchItemFailures: false,
  filters: [],
  onFailure: { kind: 'bucket', logicalId: 'Bucket' },
};
const streamArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/T/stream/x';
const now = Math.floor(Date.now() / 1000);

function records(count: number, ageSeconds = 0): StreamRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const dynamodb = {
      Keys: { pk: { S: `item${index}` } },
      SequenceNumber: String(index + 1),
      SizeBytes: 10,
      StreamViewType: 'KEYS_ONLY',
      ApproximateCreationDateTime: now - ageSeconds,
    };
    return toStreamRecord({ eventName: 'INSERT', dynamodb }, 'us-east-1', streamArn);
  });
}

const failure: InvocationResult = {
  ok: false,
  errorType: 'Error',
  errorMessage: 'no',
  timedOut: false,
  payload: '{}',
};
const success: InvocationResult = { ok: true, payload: 'null' };
const failed = (...numbers: string[]): InvocationResult => ({
  ok: true,
  payload: JSON.stringify({ batchItemFailures: numbers.map((itemIdentifier) => ({ itemIdentifier })) }),
});

let batches: string[];
let stored: { key: string; record: object; numbers: string[] }[];
beforeEach(() => {
  batches = [];
  stored = [];
});

/** Delivers a batch to a function whose results `answer` returns, by the sequence numbers it receives. */
function deliver(
  settings: Partial<StreamMapping>,
  batch: StreamRecord[],
  answer: (numbers: string[]) => InvocationResult,
) {
  const delivery = createBatchDelivery({
    mapping: { ...mapping, ...settings },
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:stream',
    streamArn,
    invoke: async (_functionId, event) => {
      const numbers = (event as { Records: StreamRecord[] }).Records.map(
        ({ dynamodb }) => dynamodb.SequenceNumber,
      );
      batches.push(numbers.join(' '));
      return answer(numbers);
    },
    sendFailure: (_, { origin, record, onlyInBucket }) => {
      const { payload } = onlyInBucket as { payload: string };
      const event = JSON.parse(payload) as { Records: StreamRecord[] };
      stored.push({
        key: origin,
        record,
        numbers: event.Records.map(({ dynamodb }) => dynamodb.SequenceNumber),
      });
    },
    log: createLog('silent'),
    signal: new AbortController().signal,
    retryDelayMs: () => 0,
  });
  return delivery('shard-1', batch);
}

describe('a batch', () => {
  it('is delivered once when the function succeeds', async () => {
    await deliver({}, records(3), () => success);
    expect(batches).toEqual(['1 2 3']);
    expect(stored).toEqual([]);
  });

  it('is retried up to the limit and then stored with its records and their sequence numbers', async () => {
    await deliver({}, records(3), () => failure);
    expect(batches).toEqual(['1 2 3', '1 2 3', '1 2 3']);
    expect(stored).toMatchObject([
      {
        key: 'mapping-1/shard-1',
        numbers: ['1', '2', '3'],
        record: {
          requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
          responseContext: { functionError: 'Unhandled' },
          DDBStreamBatchInfo: {
            shardId: 'shard-1',
            startSequenceNumber: '1',
            endSequenceNumber: '3',
            approximateArrivalOfFirstRecord: new Date(now * 1000).toISOString(),
            batchSize: 3,
            streamArn,
          },
        },
      },
    ]);
  });

  it('is retried without end when no limit is set', async () => {
    let calls = 0;
    await deliver({ maximumRetryAttempts: -1 }, records(1), () => ((calls += 1) < 50 ? failure : success));
    expect(batches).toHaveLength(50);
  });

  it('is retried from the first record that the function reports as failed', async () => {
    await deliver({ reportBatchItemFailures: true }, records(5), (numbers) =>
      numbers.includes('1') ? failed('4', '3') : success,
    );
    expect(batches).toEqual(['1 2 3 4 5', '3 4 5']);
  });

  it('counts as failed as a whole when the report names a record outside the batch', async () => {
    let calls = 0;
    await deliver({ reportBatchItemFailures: true }, records(2), () =>
      (calls += 1) === 1 ? failed('99') : success,
    );
    expect(batches).toEqual(['1 2', '1 2']);
  });

  it('is bisected until the poison record is alone when the function throws, so that all others are processed', async () => {
    const settings = { bisectBatchOnFunctionError: true, maximumRetryAttempts: 1 };
    const delivered = new Set<string>();
    await deliver(settings, records(8), (numbers) => {
      if (numbers.includes('6')) return failure;
      for (const number of numbers) delivered.add(number);
      return success;
    });
    expect([...delivered].sort()).toEqual(['1', '2', '3', '4', '5', '7', '8']);
    expect(stored.map(({ numbers }) => numbers)).toEqual([['6']]);
  });

  describe('of a function that reports the same record at every attempt', () => {
    const settings = {
      bisectBatchOnFunctionError: true,
      reportBatchItemFailures: true,
      maximumRetryAttempts: 1,
    };

    it('is split at that record, which is then retried and stored with all records behind it', async () => {
      await deliver(settings, records(6), (numbers) => (numbers.includes('3') ? failed('3') : success));
      expect(batches).toEqual(['1 2 3 4 5 6', '3 4 5 6', '3 4 5 6']);
      expect(stored.map(({ numbers }) => numbers)).toEqual([['3', '4', '5', '6']]);
    });

    it('is not split when that record is its first', async () => {
      await deliver(settings, records(4), () => failed('1'));
      expect(batches).toEqual(['1 2 3 4', '1 2 3 4']);
      expect(stored.map(({ numbers }) => numbers)).toEqual([['1', '2', '3', '4']]);
    });

    it('is retried without the record once that is too old', async () => {
      const batch = [...records(1, 59), ...records(3).slice(1)];
      await deliver(
        { ...settings, maximumRetryAttempts: -1, maximumRecordAgeSeconds: 60 },
        batch,
        (numbers) => (numbers.includes('1') ? failed('1') : success),
      );
      expect(batches.at(0)).toBe('1 2 3');
      expect(batches.at(-1)).toBe('2 3');
      expect(stored).toMatchObject([
        { numbers: ['1'], record: { requestContext: { condition: 'RecordAgeExceeded' } } },
      ]);
    });
  });

  it('is delivered without the records that are too old', async () => {
    const batch = [...records(2, 100), ...records(3).slice(2)];
    await deliver({ maximumRecordAgeSeconds: 60 }, batch, () => success);
    expect(batches).toEqual(['3']);
    expect(stored).toMatchObject([
      {
        record: { requestContext: { condition: 'RecordAgeExceeded' }, DDBStreamBatchInfo: { batchSize: 2 } },
      },
    ]);
  });
});
