/**
 * Stores how far each function has processed each shard, so that a run continues where the previous one
 * ended. The file is written with a delay: after a crash, the last records are delivered again.
 */

import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../error-details.ts';

/** The sequence number of the last processed record, by stream ARN, then function, then shard. */
type StoredPositions = Record<string, Record<string, Record<string, string>>>;

export interface Checkpoints {
  get(functionId: string, shardId: string): string | undefined;
  set(functionId: string, shardId: string, sequenceNumber: string): void;
  /** Writes the positions that have not been written yet. */
  close(): Promise<void>;
}

const writeAfterMs = 500;

/** Opens the checkpoints of a stream; those of other streams in the file are dropped. */
export function openCheckpoints(file: string, streamArn: string): Checkpoints {
  const stored: StoredPositions = { [streamArn]: readStored(file)[streamArn] ?? {} };
  const positions = stored[streamArn]!;
  let writing = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  function write(): void {
    timer = undefined;
    const text = JSON.stringify(stored);
    writing = writing.then(() => replaceFile(file, text));
  }

  return {
    get: (functionId, shardId) => positions[functionId]?.[shardId],
    set(functionId, shardId, sequenceNumber) {
      (positions[functionId] ??= {})[shardId] = sequenceNumber;
      timer ??= setTimeout(write, writeAfterMs);
    },
    async close() {
      if (timer !== undefined) {
        clearTimeout(timer);
        write();
      }
      await writing;
    },
  };
}

/** Returns, by table name, the sequence number up to which all functions have processed the stream. */
export function consumedUpTo(file: string): Map<string, number> {
  return new Map(
    Object.entries(readStored(file)).flatMap(([streamArn, byFunction]) => {
      const tableName = /:table\/([^/]+)\/stream\//.exec(streamArn)?.[1];
      const positions = Object.values(byFunction).flatMap((byShard) => Object.values(byShard).map(Number));
      return tableName === undefined || positions.length === 0
        ? []
        : [[tableName, Math.min(...positions)] as const];
    }),
  );
}

/** Writes to a temporary file first, so that a crash never leaves a partial file. */
async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

function readStored(file: string): StoredPositions {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {};
    throw error;
  }
}
