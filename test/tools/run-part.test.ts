import { describe, expect, it } from 'vitest';
import { forEachAtMost, runOpenly, runQuietly } from '../../tools/run-part.ts';

const node = (script: string): [string, string[]] => [process.execPath, ['-e', script]];

describe('a part of npm test that runs beside another', () => {
  it('keeps everything that it writes to both outputs', async () => {
    const script = 'console.log("a".repeat(200_000)); console.error("why it failed"); process.exitCode = 3';
    const { isPassed, output } = await runQuietly(...node(script));
    expect(isPassed).toBe(false);
    expect(output).toContain('a'.repeat(200_000));
    expect(output).toContain('why it failed');
  });

  it('passes when its program ends with 0', async () => {
    expect(await runQuietly(...node('console.log("fine")'))).toEqual({ isPassed: true, output: 'fine\n' });
  });

  it.each([runQuietly, runOpenly])('fails when its program cannot be started (%o)', async (run) => {
    const { isPassed, output } = await run('node_modules/.bin/no-such-program', []);
    expect(isPassed).toBe(false);
    expect(output).toContain('no-such-program');
  });

  it.each([
    ['process.exitCode = 1', false],
    ['', true],
    ['process.kill(process.pid)', false],
  ])('writes to the terminal itself when it runs alone: %s', async (script, isPassed) => {
    expect(await runOpenly(...node(script))).toEqual({ isPassed, output: '' });
  });
});

describe('running items at most two at a time', () => {
  it('starts them in their order and never more than two', async () => {
    const started: string[] = [];
    const ends = new Map<string, () => void>();
    const work = (item: string): Promise<void> => {
      started.push(item);
      return new Promise((resolve) => ends.set(item, resolve));
    };
    const all = forEachAtMost(2, ['a', 'b', 'c', 'd'], work);
    expect(started).toEqual(['a', 'b']);
    for (const [ended, next] of [
      ['b', 'c'],
      ['c', 'd'],
    ] as const) {
      ends.get(ended)!();
      await new Promise(setImmediate);
      expect(started.at(-1)).toBe(next);
    }
    for (const end of ends.values()) end();
    await all;
    expect(started).toEqual(['a', 'b', 'c', 'd']);
  });
});
