/** The data folder of a local run: its paths, and a lock that reserves it for one runtime at a time. */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from './error-details.ts';
import { StartFailure } from './start-failure.ts';

export interface DataDirectory {
  path: string;
  assembly: string;
  /** Compiled code of bundles, which depends on nothing but them. */
  codeCache: string;
  secrets: string;
  /** The values of the template's references to secrets. */
  references: string;
  checkpoints: string;
  buckets: string;
  /** Releases the lock. */
  release(): void;
}

/**
 * Locks the folder, and creates it if it does not exist.
 * @throws StartFailure when another running process has the lock
 */
export function openDataDirectory(path: string, { fresh }: { fresh: boolean }): DataDirectory {
  mkdirSync(path, { recursive: true });
  const lock = join(path, 'runtime.pid');
  acquireLock(lock, path);
  const directory: DataDirectory = {
    path,
    assembly: join(path, 'assembly'),
    codeCache: join(path, 'code-cache'),
    secrets: join(path, 'secrets.json'),
    references: join(path, 'secret-references.json'),
    checkpoints: join(path, 'stream-checkpoints.json'),
    buckets: join(path, 'buckets'),
    release: () => rmSync(lock, { force: true }),
  };
  if (fresh) {
    for (const file of [directory.secrets, directory.references, directory.checkpoints])
      rmSync(file, { force: true });
    rmSync(directory.buckets, { recursive: true, force: true });
  }
  rmSync(directory.assembly, { recursive: true, force: true });
  return directory;
}

function acquireLock(lock: string, path: string): void {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    const holder = Number(readFileSync(lock, 'utf8'));
    if (isAlive(holder))
      throw new StartFailure(
        `Another local runtime (process ${holder}) uses the data in ${path}. Stop it first.`,
      );
    // The lock was left behind by a runtime that was killed.
    writeFileSync(lock, String(process.pid));
  }
}

/** Whether a process with an id exists. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
