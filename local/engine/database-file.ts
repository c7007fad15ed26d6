/**
 * Prepares the engine's database file while the engine is not running: an index without which every write
 * costs more than the last, and no stream records that nobody will read again.
 */

import { existsSync } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** The part of sql.js used here; it ships no types. */
interface SqliteDatabase {
  run(sql: string, parameters?: unknown[]): void;
  exec(sql: string, parameters?: unknown[]): { values: unknown[][] }[];
  export(): Uint8Array;
  close(): void;
}
type SqlJs = () => Promise<{ Database: new (bytes: Uint8Array) => SqliteDatabase }>;

/** Beyond this size reading the whole file into memory takes longer than trimming it saves. */
const largestFileBytes = 256 * 1024 * 1024;

/** Whether the file holds everything: a write-ahead log is left only when the engine was killed. */
export function isFolded(databaseFile: string): boolean {
  return existsSync(databaseFile) && !existsSync(`${databaseFile}-wal`);
}

/**
 * Adds the index when it is missing, and drops the stream records of each table up to the given sequence
 * number, but never the newest, from which the engine goes on counting. Expects a folded file.
 */
export async function prepareDatabaseFile(
  databaseFile: string,
  consumedUpTo: Map<string, number>,
): Promise<void> {
  if ((await stat(databaseFile)).size > largestFileBytes) return;
  const initSqlJs: SqlJs = createRequire(import.meta.url)('sql.js');
  const { Database } = await initSqlJs();
  const database = new Database(await readFile(databaseFile));
  try {
    const indexed = addSequenceIndex(database);
    const trimmed = trimStreamRecords(database, consumedUpTo);
    if (!indexed && !trimmed) return;
    if (trimmed) database.run('VACUUM');
    const replacement = `${databaseFile}.new`;
    await writeFile(replacement, database.export());
    await rename(replacement, databaseFile);
  } finally {
    database.close();
  }
}

/** The engine looks for the highest sequence number at each write, by a scan unless this index exists. */
function addSequenceIndex(database: SqliteDatabase): boolean {
  const found = database.exec(
    `SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = 'stream_records_by_sequence'`,
  );
  if (found.length > 0) return false;
  database.run(
    'CREATE INDEX stream_records_by_sequence ON _stream_records(table_name, CAST(sequence_number AS INTEGER))',
  );
  return true;
}

function trimStreamRecords(database: SqliteDatabase, consumedUpTo: Map<string, number>): boolean {
  let trimmed = 0;
  for (const [tableName, sequenceNumber] of consumedUpTo) {
    database.run(
      `DELETE FROM _stream_records WHERE table_name = ? AND CAST(sequence_number AS INTEGER) <= ?
         AND CAST(sequence_number AS INTEGER) <
             (SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE table_name = ?)`,
      [tableName, sequenceNumber, tableName],
    );
    trimmed += Number(database.exec('SELECT changes()')[0]?.values[0]?.[0] ?? 0);
  }
  return trimmed > 0;
}
