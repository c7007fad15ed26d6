/**
 * Keeps how far each function has read each shard, next to the data, so that a restart goes on where the last
 * run ended. A run that is killed outright repeats its last moments: records are delivered at least once.
 */

import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../error-details.ts';

/** By stream ARN, then function, then shard: the sequence number of the last record that is done with. */
type Stored = Record<string, Record<string, Record<string, string>>>;

export interface Checkpoints {
  get(functionId: string, shardId: string): string | undefined;
  set(functionId: string, shardId: string, sequenceNumber: string): void;
  /** Writes what is not yet written. */
  close(): Promise<void>;
}

const writeAfterMs = 500;

/** The checkpoints of one stream; those of earlier streams of the same table are dropped. */
export function openCheckpoints(file: string, streamArn: string): Checkpoints {
  const stored: Stored = { [streamArn]: readStored(file)[streamArn] ?? {} };
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

/** By table name, the sequence number up to which every function is done with the table's stream. */
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

/** Whole or not at all, also when the process ends in the middle. */
async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

function readStored(file: string): Stored {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {};
    throw error;
  }
}
