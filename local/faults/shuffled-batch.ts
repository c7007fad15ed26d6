/**
 * Delivers a batch in a different order, as a stream with several shards could, and translates the function's
 * report of failures back to the original order. Records of the same item keep their order.
 */

import type { InvocationResult } from '../functions/invocation.ts';
import type { StreamRecord } from '../streams/stream-record.ts';

/** Delivers records in shuffled order; returns the result for the original order. */
export async function inShuffledOrder(
  records: StreamRecord[],
  random: () => number,
  deliver: (shuffled: StreamRecord[]) => Promise<InvocationResult>,
): Promise<InvocationResult> {
  const shuffled = shuffleItems(records, random);
  const result = await deliver(shuffled);
  if (!result.ok) return result;
  const report: { batchItemFailures?: { itemIdentifier?: string }[] } | null = JSON.parse(result.payload);
  const failed = (report?.batchItemFailures ?? []).map(({ itemIdentifier }) =>
    shuffled.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === itemIdentifier),
  );
  if (failed.length === 0) return result;
  // The records before the first failure are processed; the retry starts at the earliest of the others.
  const unprocessed = new Set(shuffled.slice(Math.max(0, Math.min(...failed))));
  const first = records.find((record) => unprocessed.has(record))!;
  const batchItemFailures = [{ itemIdentifier: first.dynamodb.SequenceNumber }];
  return { ok: true, payload: JSON.stringify({ batchItemFailures }) };
}

function shuffleItems(records: StreamRecord[], random: () => number): StreamRecord[] {
  const queues = new Map<string, StreamRecord[]>();
  const itemOrder = records.map((record) => {
    const item = JSON.stringify(record.dynamodb.Keys);
    queues.set(item, [...(queues.get(item) ?? []), record]);
    return item;
  });
  for (let last = itemOrder.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [itemOrder[last], itemOrder[other]] = [itemOrder[other]!, itemOrder[last]!];
  }
  return itemOrder.map((item) => queues.get(item)!.shift()!);
}
