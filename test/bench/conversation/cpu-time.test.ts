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
    const script =
      'const until = Date.now() + 300; while (Date.now() < until); console.log(); setInterval(() => {}, 9)';
    const before = cpuSecondsOf(process.pid)!;
    const child = spawn(process.execPath, ['-e', script]);
    await once(child.stdout, 'data');
    const own = cpuSecondsOf(child.pid!)!;
    const after = cpuSecondsOf(process.pid)!;
    child.kill('SIGKILL');
    expect(own).toBeGreaterThan(0);
    // Counted in ticks of a hundredth of a second.
    expect(after - before).toBeGreaterThan(own - 0.015);
  });
});
