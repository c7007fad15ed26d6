/** The section of the bench on welcomes while a room of 100,000 entries is purged. */

import { startTestRuntime } from '../../kit/runtime.ts';
import type { BenchContext } from '../section.ts';
import { percentile, rounded } from '../statistics.ts';
import { measureWelcomes, type MeasuredWelcomes } from './measure-welcomes.ts';

const entries = 100_000;
const sockets = 150;
const pauseMs = 100;

export async function measurePurge({ report, progress }: BenchContext): Promise<void> {
  const started = await startTestRuntime({ startsFunctionsOnDemand: false });
  const { runtime } = started;
  try {
    progress('welcomes without a purge');
    const idle = await measureWelcomes(runtime, { entries: 1, sockets, pauseMs });
    progress(`welcomes while a room of ${entries} entries is purged`);
    const busy = await measureWelcomes(runtime, { entries, sockets, pauseMs });
    report.heading('From opening a socket to the end of its history');
    report.table(
      ['purged entries', 'sockets', 'during the purge', 'p50 in ms', 'p99 in ms'],
      [rowOf(1, idle), rowOf(entries, busy)],
    );
    report.figure('welcome p99 during a purge', percentile(busy.waits, 99));
  } finally {
    await started.stop();
  }
}

const rowOf = (purged: number, { waits, duringPurge }: MeasuredWelcomes) => [
  purged,
  waits.length,
  duringPurge,
  rounded(percentile(waits, 50)),
  rounded(percentile(waits, 99)),
];
