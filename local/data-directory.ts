/** Owns the folder that keeps a local run's data: where each part lies, and that one runtime uses it at a time. */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from './error-details.ts';
import { StartFailure } from './start-failure.ts';

export interface DataDirectory {
  path: string;
  assembly: string;
  secrets: string;
  checkpoints: string;
  /** Lets another runtime use the folder. */
  release(): void;
}

/** Takes the folder, making it if needed; a StartFailure when another runtime that is alive has it. */
export function openDataDirectory(path: string, { fresh }: { fresh: boolean }): DataDirectory {
  mkdirSync(path, { recursive: true });
  const lock = join(path, 'runtime.pid');
  takeLock(lock, path);
  const directory: DataDirectory = {
    path,
    assembly: join(path, 'assembly'),
    secrets: join(path, 'secrets.json'),
    checkpoints: join(path, 'stream-checkpoints.json'),
    release: () => rmSync(lock, { force: true }),
  };
  if (fresh) for (const file of [directory.secrets, directory.checkpoints]) rmSync(file, { force: true });
  rmSync(directory.assembly, { recursive: true, force: true });
  return directory;
}

function takeLock(lock: string, path: string): void {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    const holder = Number(readFileSync(lock, 'utf8'));
    if (isAlive(holder))
      throw new StartFailure(`A local runtime (process ${holder}) already uses the data in ${path}`);
    // Left behind by a runtime that was killed outright.
    writeFileSync(lock, String(process.pid));
  }
}

/** Whether a process of that id exists. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
