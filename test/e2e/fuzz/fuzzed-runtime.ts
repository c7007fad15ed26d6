/** A local runtime of its own whose every line is kept: what goes wrong inside is told there, if nowhere else. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { createLog } from '../../../local/log.ts';
import { startLocal, type LocalRuntime } from '../../../local/start.ts';
import { testSettings } from '../../kit/test-settings.ts';
import { useDeployment } from '../api.ts';

/** `FUZZ_RUNS` times the everyday number of runs, from `FUZZ_SEED`. */
const times = Number(process.env['FUZZ_RUNS'] ?? 1);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);

export const runs = (everyday: number) => ({
  numRuns: Math.ceil(everyday * times),
  seed,
  endOnFailure: times <= 1,
});

/** Long runs take long. */
export const patience = { timeout: 60_000 * Math.max(1, times) };

export function useFuzzedRuntime(): void {
  const printed: string[] = [];
  const sink = (text: string): void => void printed.push(text);
  let runtime: LocalRuntime | undefined;
  let dataDirectory: string;
  beforeAll(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'chat-fuzz-'));
    runtime = await startLocal({
      port: 0,
      dataDirectory,
      fresh: true,
      log: createLog('normal', sink, sink),
      environment: { ...process.env, ...testSettings, LOGIN_FAILURES_PER_ACCOUNT: '100000' },
    });
    useDeployment(runtime.url);
  });
  afterAll(async () => {
    await runtime?.stop();
    await rm(dataDirectory, { recursive: true, force: true });
    // Functions print warnings, errors and what they did not mean to print; a quiet run has none of them.
    expect(printed.filter((line) => isTrouble(line))).toEqual([]);
  });
}

/** Neither is a socket that left in the middle of a post, nor one that was not let in. */
const isTrouble = (line: string): boolean =>
  !/A frame was not delivered|A connection was not closed|WebSocket refused .*"status":4\d\d/.test(line);
