/**
 * Delivers a batch in another order, as a stream of several shards could, and reads the function's report of
 * what failed as if the order had been kept. Records of one item never change places.
 */

import type { InvocationResult } from '../functions/invocation.ts';
import type { StreamRecord } from '../streams/stream-record.ts';

/** The result of the delivery in shuffled order, in terms of the order given. */
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
  // The function is done with what came before its first failure; of the rest, the earliest is to be repeated from.
  const undone = new Set(shuffled.slice(Math.max(0, Math.min(...failed))));
  const first = records.find((record) => undone.has(record))!;
  const batchItemFailures = [{ itemIdentifier: first.dynamodb.SequenceNumber }];
  return { ok: true, payload: JSON.stringify({ batchItemFailures }) };
}

function shuffleItems(records: StreamRecord[], random: () => number): StreamRecord[] {
  const queues = new Map<string, StreamRecord[]>();
  const places = records.map((record) => {
    const item = JSON.stringify(record.dynamodb.Keys);
    queues.set(item, [...(queues.get(item) ?? []), record]);
    return item;
  });
  for (let last = places.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [places[last], places[other]] = [places[other]!, places[last]!];
  }
  return places.map((item) => queues.get(item)!.shift()!);
}
