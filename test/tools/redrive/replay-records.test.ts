import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { replayRecords } from '../../../tools/redrive/replay-records.ts';

const recordOf = (number: number, pk = `item${number}`): DynamoDBRecord => ({
  eventID: `event${number}`,
  dynamodb: { Keys: { pk: { S: pk } }, SequenceNumber: String(number) },
});

const numbersOf = (records: Iterable<DynamoDBRecord>): number[] =>
  [...records].map(({ dynamodb }) => Number(dynamodb?.SequenceNumber));

/** Replays records on a function that fails for some of them in one of the two ways, and returns what it handled. */
async function replay(
  records: DynamoDBRecord[],
  isPoison: (number: number) => boolean,
  way: 'reports' | 'throws',
) {
  const handled: number[] = [];
  const unhandled = await replayRecords(
    (_, event) => {
      const { Records } = event as { Records: DynamoDBRecord[] };
      for (const number of numbersOf(Records)) {
        if (!isPoison(number)) handled.push(number);
        else if (way === 'throws') return Promise.reject(new Error('poison'));
        else return Promise.resolve({ batchItemFailures: [{ itemIdentifier: String(number) }] });
      }
      return Promise.resolve({ batchItemFailures: [] });
    },
    'tableStream',
    records,
  );
  return { handled, unhandled: numbersOf(unhandled) };
}

describe('the records of a shard', () => {
  it('are replayed once each, in the order of their sequence numbers, of which 10 follows 9', async () => {
    const records = [10, 2, 9, 2, 1].map((number) => recordOf(number));
    expect(await replay(records, () => false, 'reports')).toEqual({ handled: [1, 2, 9, 10], unhandled: [] });
  });

  it.each(['reports', 'throws'] as const)(
    'are all handled but the one for which the function %s a failure',
    async (way) => {
      const records = Array.from({ length: 250 }, (_, index) => recordOf(index + 1));
      const { handled, unhandled } = await replay(records, (number) => number === 120, way);
      expect(unhandled).toEqual([120]);
      expect(new Set(handled).size).toBe(249);
    },
  );

  it('are not handled after a failed one of the same partition key', async () => {
    const records = [recordOf(1, 'a'), recordOf(2, 'b'), recordOf(3, 'a'), recordOf(4, 'b')];
    const { handled, unhandled } = await replay(records, (number) => number === 1, 'reports');
    expect(handled).toEqual([2, 4]);
    expect(unhandled).toEqual([1, 3]);
  });
});
