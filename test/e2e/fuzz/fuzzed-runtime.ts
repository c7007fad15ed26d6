/** A local runtime for the fuzz tests, whose log must stay free of warnings and errors. */
import { afterAll, expect } from 'vitest';
import { createLog } from '../../../local/log.ts';
import { useRuntime } from '../../kit/use-runtime.ts';

/** FUZZ_RUNS multiplies the number of runs; FUZZ_SEED is the random seed. */
const times = Number(process.env['FUZZ_RUNS'] ?? 1);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);

export const runs = (defaultRuns: number) => ({
  numRuns: Math.ceil(defaultRuns * times),
  seed,
  endOnFailure: times <= 1,
});

export const patience = { timeout: 60_000 * Math.max(1, times) };

export function useFuzzedRuntime(): void {
  const printed: string[] = [];
  const sink = (text: string): void => void printed.push(text);
  // Hooks run in reverse order after the tests, so this one runs once the runtime has stopped.
  afterAll(() => {
    expect(printed.filter((line) => isUnexpected(line))).toEqual([]);
  });
  useRuntime({ log: createLog('normal', sink, sink), settings: { LOGIN_FAILURES_PER_ACCOUNT: '100000' } });
}

/** Ignores the lines about sockets that closed while a frame was posted to them, and about refused handshakes. */
const isUnexpected = (line: string): boolean =>
  !/A frame was not delivered|A connection was not closed|WebSocket refused .*"status":4\d\d/.test(line);
