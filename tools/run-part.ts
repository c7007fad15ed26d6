/** Runs the programs that `npm test` is made of. */
import { spawn } from 'node:child_process';

export interface Finished {
  isPassed: boolean;
  /** What the program wrote to both outputs, in its order; empty when it wrote to the terminal itself. */
  output: string;
}

/** Runs a program and lets it write to the terminal. */
export function runOpenly(program: string, args: readonly string[]): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit' });
    child.once('error', ({ message }) => resolve({ isPassed: false, output: `${message}\n` }));
    child.once('exit', (code) => resolve({ isPassed: code === 0, output: '' }));
  });
}

/** Runs a program and keeps its output, so that the outputs of programs that run at once are not mixed. */
export function runQuietly(program: string, args: readonly string[]): Promise<Finished> {
  return new Promise((resolve) => {
    // A program that writes to a pipe uses no colors unless FORCE_COLOR is set.
    const env = process.stdout.isTTY ? { ...process.env, FORCE_COLOR: '1' } : process.env;
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    const output = (): string => Buffer.concat(chunks).toString('utf8');
    child.once('error', ({ message }) => resolve({ isPassed: false, output: `${output()}${message}\n` }));
    child.once('close', (code) => resolve({ isPassed: code === 0, output: output() }));
  });
}

/** Starts the work on each item in their order, on at most `limit` items at once. */
export async function forEachAtMost<T>(
  limit: number,
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const waiting = items.entries();
  async function lane(): Promise<void> {
    for (const [index, item] of waiting) await work(item, index);
  }
  await Promise.all(Array.from({ length: limit }, lane));
}
