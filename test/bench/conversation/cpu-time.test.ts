import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { cpuSecondsOf, parseStat } from './cpu-time.ts';

describe('processor time', () => {
  it('is read after the process name, whatever characters it contains', () => {
    const text = '42 (a) b (c) S 7 42 42 0 -1 4194304 1 0 0 0 150 50 0 0 20 0 1 0 100 1 1';
    expect(parseStat(text)).toEqual({ parent: 7, seconds: 2 });
  });

  it.runIf(process.platform === 'linux')('includes that of child processes', async () => {
    const work = `const until = Date.now() + 300; while (Date.now() < until);
      console.log(process.pid); setInterval(() => {}, 9)`;
    // A process of its own, since other tests start and end children of this one at the same time.
    const parent = spawn(process.execPath, [
      '-e',
      `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(work)}], { stdio: 'inherit' })`,
    ]);
    const [printed] = (await once(parent.stdout, 'data')) as [Buffer];
    const childId = Number(printed.toString());
    try {
      const ofChild = cpuSecondsOf(childId)!;
      expect(ofChild).toBeGreaterThan(0);
      expect(cpuSecondsOf(parent.pid!)).toBeGreaterThanOrEqual(ofChild);
    } finally {
      process.kill(childId, 'SIGKILL');
      parent.kill('SIGKILL');
    }
  });
});
