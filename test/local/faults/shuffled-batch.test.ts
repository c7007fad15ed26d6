import { expect, it } from 'vitest';
import { inShuffledOrder } from '../../../local/faults/shuffled-batch.ts';
import { seededRandom } from '../../../local/faults/seeded-random.ts';
import { toStreamRecord, type StreamRecord } from '../../../local/streams/stream-record.ts';

const records = ['a', 'b', 'a', 'c', 'b', 'a', 'd'].map((item, index) =>
  toStreamRecord(
    {
      eventName: 'MODIFY',
      dynamodb: {
        Keys: { pk: { S: item } },
        SequenceNumber: String(100 + index),
        SizeBytes: 1,
        StreamViewType: 'KEYS_ONLY',
        ApproximateCreationDateTime: 0,
      },
    },
    'us-east-1',
    'arn',
  ),
);
const numbers = (batch: StreamRecord[]): number[] =>
  batch.map(({ dynamodb }) => Number(dynamodb.SequenceNumber));

const ascending = (one: number, other: number): number => one - other;

it('inShuffledOrder keeps the order of the records of each item with any seed', async () => {
  const orders = new Set<string>();
  for (let seed = 0; seed < 50; seed += 1) {
    await inShuffledOrder(records, seededRandom(String(seed)), (shuffled) => {
      orders.add(numbers(shuffled).join());
      expect(numbers(shuffled).toSorted(ascending)).toEqual(numbers(records));
      for (const item of ['a', 'b', 'c', 'd']) {
        const own = numbers(
          shuffled.filter(({ dynamodb }) => JSON.stringify(dynamodb.Keys).includes(`"${item}"`)),
        );
        expect(own).toEqual(own.toSorted(ascending));
      }
      return Promise.resolve({ ok: true, payload: 'null' });
    });
  }
  expect(orders.size).toBeGreaterThan(40);
});

it('inShuffledOrder retries every record that the function has not processed', async () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const processed = new Set<number>();
    const result = await inShuffledOrder(records, seededRandom(String(seed)), (shuffled) => {
      for (const number of numbers(shuffled.slice(0, 3))) processed.add(number);
      const batchItemFailures = [{ itemIdentifier: shuffled[3]!.dynamodb.SequenceNumber }];
      return Promise.resolve({ ok: true, payload: JSON.stringify({ batchItemFailures }) });
    });
    const { batchItemFailures } = JSON.parse(result.payload) as {
      batchItemFailures: { itemIdentifier: string }[];
    };
    const from = Number(batchItemFailures[0]!.itemIdentifier);
    expect(numbers(records).filter((number) => number < from && !processed.has(number))).toEqual([]);
    expect(processed).not.toContain(from);
  }
});
