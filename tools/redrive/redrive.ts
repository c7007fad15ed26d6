/**
 * Replays failed invocations: first the records of the table's stream, shard by shard in their order, then the events of
 * asynchronous invocations. An object is deleted once everything in it was handled, so an interrupted run can be repeated.
 * Every handler of the backend tolerates being repeated.
 */
import { readFailure, type FailedBatch, type FailedEvent } from './failure.ts';
import { replayRecords, type InvokeFunction } from './replay-records.ts';

/** The bucket of failures. */
export interface FailureStore {
  /** Returns the keys of all failures. */
  list(): Promise<string[]>;
  /** Returns an object, undefined when another run has deleted it. */
  read(key: string): Promise<string | undefined>;
  remove(key: string): Promise<void>;
}

export interface RedriveOptions {
  store: FailureStore;
  invoke: InvokeFunction;
  /** Prints what would be replayed, and changes nothing. */
  isDryRun: boolean;
  print: (line: string) => void;
}

export interface Redriven {
  /** Objects that were replayed and deleted; in a dry run, those that would be. */
  done: number;
  /** Objects that remain, because a part of them failed again. */
  failed: number;
  /** Objects that are not records of failed invocations. */
  unreadable: number;
}

export async function redrive({ store, invoke, isDryRun, print }: RedriveOptions): Promise<Redriven> {
  const { batches, events, unreadable } = await readAll(store, print);
  if (isDryRun) {
    for (const failure of [...batches, ...events]) print(`would replay ${describe(failure)}`);
    return { done: batches.length + events.length, failed: 0, unreadable };
  }
  const result: Redriven = { done: 0, failed: 0, unreadable };
  const finish = async (failure: FailedBatch | FailedEvent, isDone: boolean): Promise<void> => {
    if (isDone) await store.remove(failure.key);
    result[isDone ? 'done' : 'failed'] += 1;
    print(`${isDone ? 'replayed' : 'failed again:'} ${describe(failure)}`);
  };
  for (const ofShard of byShard(batches)) {
    const { functionName } = ofShard[0]!;
    const all = ofShard.flatMap(({ records }) => records);
    const unhandled = new Set(
      [...(await replayRecords(invoke, functionName, all))].map(({ dynamodb }) => dynamodb?.SequenceNumber),
    );
    for (const batch of ofShard) {
      const isDone = !batch.records.some(({ dynamodb }) => unhandled.has(dynamodb?.SequenceNumber));
      await finish(batch, isDone);
    }
  }
  for (const failure of events.toSorted((one, other) => (one.failedAt < other.failedAt ? -1 : 1)))
    await finish(failure, await isHandled(invoke, failure));
  return result;
}

async function readAll(store: FailureStore, print: (line: string) => void) {
  const batches: FailedBatch[] = [];
  const events: FailedEvent[] = [];
  let unreadable = 0;
  for (const key of await store.list()) {
    const text = await store.read(key);
    if (text === undefined) continue;
    try {
      const failure = readFailure(key, text);
      if (failure.kind === 'batch') batches.push(failure);
      else events.push(failure);
    } catch (error) {
      unreadable += 1;
      print(`cannot replay ${key}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { batches, events, unreadable };
}

/** Ids of shards start with the time of their creation, so a shard comes before those that continue it. */
function byShard(batches: readonly FailedBatch[]): FailedBatch[][] {
  const groups = new Map<string, FailedBatch[]>();
  for (const batch of batches) {
    const name = `${batch.functionName} ${batch.shard}`;
    groups.set(name, [...(groups.get(name) ?? []), batch]);
  }
  return [...groups.entries()].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, group]) => group);
}

async function isHandled(invoke: InvokeFunction, { functionName, event }: FailedEvent): Promise<boolean> {
  try {
    await invoke(functionName, event);
    return true;
  } catch {
    // Its log has the error. The object remains for the next run.
    return false;
  }
}

function describe(failure: FailedBatch | FailedEvent): string {
  const what = failure.kind === 'batch' ? `${failure.records.length} stream record(s)` : 'one event';
  return `${what} of ${failure.functionName} (${failure.key})`;
}
