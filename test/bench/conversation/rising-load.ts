/** Measures one kind of room under rising load: a row for each rate, and the highest rate that held. */

import { rounded } from '../statistics.ts';
import type { BenchContext } from '../section.ts';
import type { ChatServer } from './chat-server.ts';
import { findHighest, type Step } from './find-highest.ts';
import type { RunResult } from './load-messages.ts';
import type { Load } from './load.ts';
import { settle } from './settle.ts';

export interface RisingLoad {
  /** The prefix of the figures' names. */
  name: string;
  title: string;
  /** Messages a second, ascending. */
  rates: readonly number[];
  /** A rate holds when the 99th percentile of the latency is at most this, and no message is lost. */
  p99Ms: number;
  /** The rate that is always reported, and its name in the figures. */
  reported: { rate: number; name: string };
  /** The figure of the highest rate, such as deliveries a second. */
  highest: { name: string; perMessage: number };
}

interface Measured extends RunResult {
  runtimeCores: number | undefined;
}

const warmUp = { messagesPerSecond: 30, seconds: 3, drainSeconds: 8 };
const secondsEach = 6;
const drainSeconds = 8;

export async function measureRisingLoad(
  { report, progress }: BenchContext,
  { load, server }: { load: Load; server: ChatServer },
  { name, title, rates, p99Ms, reported, highest }: RisingLoad,
): Promise<void> {
  async function measure(rate: number): Promise<Measured> {
    await settle(server);
    progress(`${title}, ${rate} messages a second`);
    const [cpuBefore, startedAtMs] = [server.cpuSeconds(), performance.now()];
    const result = await load.run({ messagesPerSecond: rate, seconds: secondsEach, drainSeconds });
    const wallSeconds = (performance.now() - startedAtMs) / 1_000;
    const cpuAfter = server.cpuSeconds();
    const runtimeCores =
      cpuBefore === undefined || cpuAfter === undefined ? undefined : (cpuAfter - cpuBefore) / wallSeconds;
    return { ...result, runtimeCores };
  }
  const holds = ({ expected, received, latencies }: Measured): boolean =>
    received === expected && latencies.p99 <= p99Ms;

  await load.run(warmUp);
  const found = await findHighest({ rates, measure, holds, step: 5 });
  const { steps } = found;
  if (!steps.some(({ rate }) => rate === reported.rate)) {
    const measured = await measure(reported.rate);
    steps.push({ rate: reported.rate, measured, holds: holds(measured) });
  }

  report.heading(`${title}: at most ${p99Ms} ms at p99, none lost`);
  report.table(columns, steps.map(row));
  report.figure(`${name}.${highest.name}`, (found.highest?.rate ?? 0) * highest.perMessage);
  // The better of two attempts, if one held.
  const ofRate = steps.filter(({ rate }) => rate === reported.rate);
  const { measured } = ofRate.find((step) => step.holds) ?? ofRate.at(-1)!;
  for (const [figure, value] of Object.entries(figuresOf(measured))) {
    report.figure(`${name}.${reported.name}.${figure}`, value);
  }
}

const columns = [
  'messages/s in',
  'delivered/s',
  'lost',
  'errors',
  'p50 ms',
  'p95 ms',
  'p99 ms',
  'cores, runtime',
  'cores, load',
  '',
];

function row({ rate, measured, holds }: Step<Measured>): (string | number | undefined)[] {
  const figures = figuresOf(measured);
  return [
    String(rate),
    figures.delivered_per_second,
    figures.lost,
    measured.errors,
    figures.p50_ms,
    figures.p95_ms,
    figures.p99_ms,
    figures.runtime_cores,
    figures.load_cores,
    holds ? 'holds' : 'over',
  ];
}

function figuresOf({ received, expected, seconds, latencies, cpuSeconds, runtimeCores }: Measured) {
  return {
    // Divided by the whole duration, also when the last arrival came earlier.
    delivered_per_second: rounded(received / Math.max(seconds, secondsEach)),
    lost: expected - received,
    p50_ms: rounded(latencies.p50, 1),
    p95_ms: rounded(latencies.p95, 1),
    p99_ms: rounded(latencies.p99, 1),
    runtime_cores: runtimeCores === undefined ? undefined : rounded(runtimeCores, 2),
    load_cores: rounded(cpuSeconds / Math.max(seconds, secondsEach), 2),
  };
}
