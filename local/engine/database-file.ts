/**
 * Prepares the engine's database file while the engine is not running: adds an index that keeps writes fast,
 * and deletes the stream records that all functions have processed.
 */

import { existsSync } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** The part of sql.js that is used here; the package has no types. */
interface SqliteDatabase {
  run(sql: string, parameters?: unknown[]): void;
  exec(sql: string, parameters?: unknown[]): { values: unknown[][] }[];
  export(): Uint8Array;
  close(): void;
}
type SqlJs = () => Promise<{ Database: new (bytes: Uint8Array) => SqliteDatabase }>;

/** For a larger file, reading it into memory takes longer than trimming it saves. */
const maxFileBytes = 256 * 1024 * 1024;

/** Whether the database file is complete: a write-ahead log remains only when the engine was killed. */
export function isComplete(databaseFile: string): boolean {
  return existsSync(databaseFile) && !existsSync(`${databaseFile}-wal`);
}

/**
 * Adds the index when it is missing, and deletes the stream records of each table up to a sequence number. It
 * always keeps the newest record, from which the engine continues to count. The file must be complete.
 */
export async function prepareDatabaseFile(
  databaseFile: string,
  consumedUpTo: Map<string, number>,
): Promise<void> {
  if ((await stat(databaseFile)).size > maxFileBytes) return;
  const initSqlJs: SqlJs = createRequire(import.meta.url)('sql.js');
  const { Database } = await initSqlJs();
  const database = new Database(await readFile(databaseFile));
  try {
    const isIndexAdded = addSequenceIndex(database);
    const isTrimmed = trimStreamRecords(database, consumedUpTo);
    if (!isIndexAdded && !isTrimmed) return;
    if (isTrimmed) database.run('VACUUM');
    const replacement = `${databaseFile}.new`;
    await writeFile(replacement, database.export());
    await rename(replacement, databaseFile);
  } finally {
    database.close();
  }
}

/** Each write looks up the highest sequence number, which scans all stream records without this index. */
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
