/**
 * The concurrent batches of one shard, one lane for each unit of the mapping's parallelization factor.
 * Records of the same item share a lane and keep their order; lanes do not wait for each other.
 */

import type { StreamRecord } from './stream-record.ts';

export interface Lanes {
  /**
   * Queues the records of one read that passed the filter. `readUpTo` is the sequence number of the last
   * record of that read; it is reported to `onProcessed` once these and all earlier records have been
   * processed.
   */
  add(records: StreamRecord[], readUpTo: string): void;
  /** The number of queued records that are not in a batch yet. */
  waiting(): number;
  /** Settles when the next batch ends; at once when none is running. */
  progress(): Promise<void>;
  /** Settles when no batch is running. */
  settled(): Promise<void>;
}

export interface LanesOptions {
  count: number;
  batchSize: number;
  /** Settles when the records have been processed or given up; never rejects. */
  deliver: (records: StreamRecord[]) => Promise<void>;
  /** Called with the sequence number up to which all records have been processed or given up. */
  onProcessed: (sequenceNumber: string) => void;
  /** No further batch starts once it aborts. */
  signal: AbortSignal;
}

/** One read of the stream, and how many of its records have not been processed yet. */
interface Read {
  readUpTo: string;
  recordsLeft: number;
}

interface QueuedRecord {
  record: StreamRecord;
  read: Read;
}

interface Lane {
  queue: QueuedRecord[];
  running: Promise<void> | undefined;
}

/** Opens the lanes of a shard. */
export function openLanes({ count, batchSize, deliver, onProcessed, signal }: LanesOptions): Lanes {
  const lanes: Lane[] = Array.from({ length: count }, () => ({ queue: [], running: undefined }));
  /** The reads that are not fully processed, in the order of the stream. */
  const reads: Read[] = [];
  let waiting = 0;
  let batchDone = deferred();

  async function run(lane: Lane): Promise<void> {
    while (lane.queue.length > 0 && !signal.aborted) {
      const batch = lane.queue.splice(0, batchSize);
      waiting -= batch.length;
      await deliver(batch.map(({ record }) => record));
      if (signal.aborted) break;
      for (const { read } of batch) read.recordsLeft -= 1;
      advance();
      batchDone.resolve();
      batchDone = deferred();
    }
    lane.running = undefined;
  }

  /** Reports progress as far as the oldest reads are fully processed. */
  function advance(): void {
    let last: Read | undefined;
    while (reads[0]?.recordsLeft === 0) last = reads.shift();
    if (last !== undefined) onProcessed(last.readUpTo);
  }

  const running = (): Promise<void>[] =>
    lanes.map((lane) => lane.running).filter((batch) => batch !== undefined);

  return {
    add(records, readUpTo) {
      const read = { readUpTo, recordsLeft: records.length };
      reads.push(read);
      waiting += records.length;
      for (const record of records) lanes[laneOf(record, count)]!.queue.push({ record, read });
      for (const lane of lanes) {
        if (lane.queue.length > 0) lane.running ??= run(lane);
      }
      advance();
    },
    waiting: () => waiting,
    async progress() {
      if (running().length > 0) await Promise.race([batchDone.promise, ...running()]);
    },
    async settled() {
      await Promise.all(running());
    },
  };
}

function laneOf({ dynamodb }: StreamRecord, lanes: number): number {
  if (lanes === 1) return 0;
  let hash = 0;
  for (const character of JSON.stringify(dynamodb.Keys)) hash = (hash * 31 + character.charCodeAt(0)) >>> 0;
  return hash % lanes;
}

interface Deferred {
  promise: Promise<void>;
  resolve: () => void;
}

function deferred(): Deferred {
  const result = {} as Deferred;
  result.promise = new Promise((resolve) => (result.resolve = resolve));
  return result;
}
