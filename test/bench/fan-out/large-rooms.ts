/** Measures one message to rooms of rising size: the time to the last post, the slices, and the memory. */

import type { FunctionName } from '../../../infra/functions.ts';
import { startCounted, type CountedCall } from '../counting/counted-runtime.ts';
import { sum } from '../counting/tally.ts';
import { createFixture } from '../operations/fixture.ts';
import type { BenchContext } from '../section.ts';
import { rounded } from '../statistics.ts';
import { startEndpoint } from './endpoint.ts';

const sizes = [10, 100, 1_000, 10_000];
const latencyMs = 10;
const functions = ['tableStream', 'fanOut'] as const satisfies FunctionName[];

interface Measured {
  size: number;
  posts: number;
  millisecondsToLast: number;
  slices: number;
  postsInOneInvocation: number;
  readUnits: number;
  /** The peak in megabytes, by function; undefined for a function that did not run. */
  heap: Partial<Record<FunctionName, number>>;
}

export async function measureLargeRooms({ report, progress }: BenchContext): Promise<void> {
  const endpoint = await startEndpoint(latencyMs);
  const runtime = await startCounted({ connectionsUrl: endpoint.url });
  try {
    const fixture = createFixture(runtime);
    const person = await fixture.person();
    // Loads the bundles and starts the environments.
    await fixture.message(person, await fixture.room(person, 200));
    const all: Measured[] = [];
    for (const size of sizes) {
      progress(`a room of ${size}`);
      const room = await fixture.room(person, size, 0);
      await runtime.during(async () => undefined);
      await endpoint.arrivals();
      let sentAtMs = 0;
      const { calls } = await runtime.during(() => {
        sentAtMs = Date.now();
        return fixture.message(person, room);
      });
      const { count, lastAtMs } = await endpoint.arrivals();
      all.push({ size, posts: count, millisecondsToLast: lastAtMs - sentAtMs, ...partsOf(calls) });
    }
    show(report, all);
  } finally {
    await runtime.stop();
    await endpoint.end();
  }
}

function partsOf(calls: readonly CountedCall[]): Omit<Measured, 'size' | 'posts' | 'millisecondsToLast'> {
  const { maxPostsOfOneInvocation, readUnits } = sum(calls);
  const heap = functions.flatMap((name) => {
    const peaks = calls.flatMap((call) => (call.function === name && call.heapBytes ? [call.heapBytes] : []));
    return peaks.length === 0 ? [] : [[name, rounded(Math.max(...peaks) / 1_000_000, 1)]];
  });
  return {
    slices: calls.filter((call) => call.function === 'fanOut' && call.kind === 'invocation').length,
    postsInOneInvocation: maxPostsOfOneInvocation,
    readUnits,
    heap: Object.fromEntries(heap),
  };
}

function show(report: BenchContext['report'], all: readonly Measured[]): void {
  report.heading(`One message over HTTP to a room; each post is answered after ${latencyMs} ms`);
  report.table(
    [
      'sockets',
      'posts',
      'ms to the last',
      'slices',
      'posts in one',
      'read units',
      'tableStream MB',
      'fanOut MB',
    ],
    all.map((one) => [
      String(one.size),
      one.posts,
      one.millisecondsToLast,
      one.slices,
      one.postsInOneInvocation,
      rounded(one.readUnits, 1),
      one.heap['tableStream'],
      one.heap['fanOut'],
    ]),
  );
  const [before, after] = [all.at(-2), all.at(-1)];
  for (const name of functions) {
    if (before?.heap[name] === undefined || after?.heap[name] === undefined) continue;
    const bytes = ((after.heap[name] - before.heap[name]) * 1_000_000) / (after.size - before.size);
    report.figure(`fan_out.${name}_heap_bytes_per_further_socket`, rounded(bytes));
  }
  for (const one of all) {
    const name = `fan_out.room${one.size}`;
    report.figure(`${name}.posts`, one.posts);
    report.figure(`${name}.ms_to_last`, one.millisecondsToLast);
    report.figure(`${name}.slices`, one.slices);
    report.figure(`${name}.posts_in_one_invocation`, one.postsInOneInvocation);
    report.figure(`${name}.read_units`, rounded(one.readUnits, 1));
    report.figure(`${name}.table_stream_heap_megabytes`, one.heap['tableStream']);
    report.figure(`${name}.fan_out_heap_megabytes`, one.heap['fanOut']);
  }
}
