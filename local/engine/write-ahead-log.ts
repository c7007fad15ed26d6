/** Merges the write-ahead log of a database that was not stopped gracefully, as on Windows, which has no signals. */

/** The part of `node:sqlite` that is used here. */
interface Sqlite {
  DatabaseSync: new (file: string) => { exec(sql: string): void; close(): void };
}

/** Returns undefined in Node.js before version 22.13, which has no `node:sqlite`. */
function loadSqlite(): Sqlite | undefined {
  return process.getBuiltinModule('node:sqlite') as Sqlite | undefined;
}

export const canMergeLog = (): boolean => loadSqlite() !== undefined;

/** Writes the log into the database file and deletes it. No other process may have the file open. */
export function mergeLog(databaseFile: string): void {
  const sqlite = loadSqlite();
  if (sqlite === undefined) return;
  const database = new sqlite.DatabaseSync(databaseFile);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}
