/**
 * The concurrent batches of one shard, as many as the mapping's parallelization factor: records of one item follow
 * each other in one lane, and a lane that is held up holds up no other.
 */

import type { StreamRecord } from './stream-record.ts';

export interface Lanes {
  /**
   * Takes what was read, in its order: the records that a filter passed, and the sequence number up to which the
   * stream was read, which counts as done when they are.
   */
  add(records: StreamRecord[], readUpTo: string): void;
  /** Records that no batch has taken yet. */
  waiting(): number;
  /** Settles when a batch is done with; at once when none is under way. */
  progress(): Promise<void>;
  /** Settles when no batch is under way. */
  settled(): Promise<void>;
}

export interface LanesOptions {
  count: number;
  batchSize: number;
  /** Settles when the records are done with, whatever came of them; never rejects. */
  deliver: (records: StreamRecord[]) => Promise<void>;
  /** Everything up to this sequence number is done with. */
  done: (sequenceNumber: string) => void;
  /** No further batch is begun once it aborts. */
  signal: AbortSignal;
}

/** One reading of the stream, and how many of its records are not done yet. */
interface Reading {
  readUpTo: string;
  left: number;
}

interface Queued {
  record: StreamRecord;
  reading: Reading;
}

interface Lane {
  queue: Queued[];
  running: Promise<void> | undefined;
}

export function openLanes({ count, batchSize, deliver, done, signal }: LanesOptions): Lanes {
  const lanes: Lane[] = Array.from({ length: count }, () => ({ queue: [], running: undefined }));
  /** In the order of the stream, from the oldest that is not done. */
  const readings: Reading[] = [];
  let waiting = 0;
  let batchDone = deferred();

  async function run(lane: Lane): Promise<void> {
    while (lane.queue.length > 0 && !signal.aborted) {
      const batch = lane.queue.splice(0, batchSize);
      waiting -= batch.length;
      await deliver(batch.map(({ record }) => record));
      if (signal.aborted) break;
      for (const { reading } of batch) reading.left -= 1;
      advance();
      batchDone.resolve();
      batchDone = deferred();
    }
    lane.running = undefined;
  }

  /** The stream is done with as far as its oldest readings are. */
  function advance(): void {
    let last: Reading | undefined;
    while (readings[0]?.left === 0) last = readings.shift();
    if (last !== undefined) done(last.readUpTo);
  }

  const running = (): Promise<void>[] =>
    lanes.map((lane) => lane.running).filter((batch) => batch !== undefined);

  return {
    add(records, readUpTo) {
      const reading = { readUpTo, left: records.length };
      readings.push(reading);
      waiting += records.length;
      for (const record of records) lanes[laneOf(record, count)]!.queue.push({ record, reading });
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
  const made = {} as Deferred;
  made.promise = new Promise((resolve) => (made.resolve = resolve));
  return made;
}
