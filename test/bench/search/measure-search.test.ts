import { expect, test } from 'vitest';
import { startTestRuntime } from '../../kit/runtime.ts';
import { measureSearch } from './measure-search.ts';

test('measures every request of a search to the beginning of a room', async () => {
  const started = await startTestRuntime();
  try {
    const { requestsMs, found } = await measureSearch(started.runtime, 3_000);
    expect([requestsMs.length, found]).toEqual([2, 0]);
    expect(Math.min(...requestsMs)).toBeGreaterThan(0);
  } finally {
    await started.stop();
  }
}, 60_000);
