/**
 * Invokes a function with stream records until each of them was handled or has failed alone. A record that fails again is
 * set aside together with the later ones of its partition key, and the others continue.
 */
import type { DynamoDBRecord } from 'aws-lambda';
import { sequenceOf } from './failure.ts';

/** Invokes a function and returns what it returned. Rejects when the function fails. */
export type InvokeFunction = (functionName: string, event: unknown) => Promise<unknown>;

/** As in the mapping of the stream. */
const recordsPerBatch = 100;
/** Lambda accepts events of 6 MB. */
const maxBatchBytes = 4 * 1024 * 1024;

/** Returns the records without repetitions, in the order of their shard. */
export function inOrder(records: readonly DynamoDBRecord[]): DynamoDBRecord[] {
  const bySequence = new Map(records.map((record) => [sequenceOf(record), record]));
  return [...bySequence.entries()]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, record]) => record);
}

/** Replays the records of one shard in their order, and returns those that were not handled. */
export async function replayRecords(
  invoke: InvokeFunction,
  functionName: string,
  records: readonly DynamoDBRecord[],
): Promise<Set<DynamoDBRecord>> {
  const setAside = new Set<DynamoDBRecord>();
  let pending = inOrder(records);
  let size = recordsPerBatch;
  while (pending.length > 0) {
    const batch = takeBatch(pending, size);
    const handled = await countHandled(invoke, functionName, batch);
    if (handled > 0) {
      pending = pending.slice(handled);
      size = recordsPerBatch;
    } else if (batch.length > 1) {
      // Shorter batches, until the record that fails is the only one: it may not be the first.
      size = Math.ceil(batch.length / 2);
    } else {
      const failed = pending.filter((record) => partitionOf(record) === partitionOf(batch[0]!));
      for (const record of failed) setAside.add(record);
      pending = pending.filter((record) => !setAside.has(record));
      size = recordsPerBatch;
    }
  }
  return setAside;
}

function takeBatch(records: readonly DynamoDBRecord[], size: number): DynamoDBRecord[] {
  const batch: DynamoDBRecord[] = [];
  let bytes = 0;
  for (const record of records.slice(0, size)) {
    bytes += Buffer.byteLength(JSON.stringify(record));
    if (batch.length > 0 && bytes > maxBatchBytes) break;
    batch.push(record);
  }
  return batch;
}

/** Returns how many records from the first on were handled: those before the first one that the function reports. */
async function countHandled(
  invoke: InvokeFunction,
  functionName: string,
  batch: DynamoDBRecord[],
): Promise<number> {
  let answer: { batchItemFailures?: { itemIdentifier?: string }[] } | null;
  try {
    answer = (await invoke(functionName, { Records: batch })) as typeof answer;
  } catch {
    // The function failed as a whole, so any of the records may be the cause. Its log has the error.
    return 0;
  }
  const failed = new Set((answer?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
  if (failed.size === 0) return batch.length;
  const first = batch.findIndex(({ dynamodb }) => failed.has(dynamodb?.SequenceNumber));
  return Math.max(0, first);
}

const partitionOf = ({ dynamodb }: DynamoDBRecord): string => JSON.stringify(dynamodb?.Keys?.['pk']);
