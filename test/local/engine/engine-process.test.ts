import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive } from '../../../local/data-directory.ts';
import { isComplete } from '../../../local/engine/database-file.ts';
import { startEngineProcess, watchedCommand } from '../../../local/engine/engine-process.ts';
import { findEngine } from '../../../local/engine/find-engine.ts';
import { freePort } from '../../../local/engine/free-port.ts';
import { canMergeLog, mergeLog } from '../../../local/engine/write-ahead-log.ts';

const binary = findEngine()!;
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'engine-process-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the process that runs the database', () => {
  it('is a shell where there is one, and Node.js on Windows', () => {
    expect(watchedCommand('darwin', 'engine', ['--port', '1']).program).toBe('/bin/sh');
    const { program, args } = watchedCommand('win32', 'engine.exe', ['--port', '1']);
    expect(program).toBe(process.execPath);
    expect(args).toEqual([expect.stringMatching(/engine-watcher\.mjs$/), 'engine.exe', '--port', '1']);
  });

  it.each(['linux', 'win32'] as const)('serves, and ends when it is stopped, as on %s', async (platform) => {
    const file = join(folder, 'dynamodb.db');
    const engine = await startEngineProcess(binary, file, await freePort(), platform);
    expect(isAlive(engine.pid)).toBe(true);
    await engine.stop();
    expect(isAlive(engine.pid)).toBe(false);
    expect(isComplete(file)).toBe(true);
  });

  it('reports in one line that a binary cannot be run, as on Windows', async () => {
    const missing = join(folder, 'missing');
    await expect(startEngineProcess(missing, join(folder, 'x.db'), 1, 'win32')).rejects.toThrow(
      /exited before/,
    );
  });

  it.runIf(canMergeLog())('leaves a log when it is killed, which is merged afterwards', async () => {
    const file = join(folder, 'dynamodb.db');
    const engine = await startEngineProcess(binary, file, await freePort());
    process.kill(engine.pid, 'SIGKILL');
    await engine.exited;
    expect(existsSync(`${file}-wal`)).toBe(true);
    mergeLog(file);
    expect(isComplete(file)).toBe(true);
  });
});
