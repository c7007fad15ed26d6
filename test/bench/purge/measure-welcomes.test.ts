import { expect, it } from 'vitest';
import { startTestRuntime } from '../../kit/runtime.ts';
import { measureWelcomes } from './measure-welcomes.ts';

it('welcomes sockets while a deleted room is being purged', async () => {
  const started = await startTestRuntime();
  try {
    const { waits, duringPurge } = await measureWelcomes(started.runtime, {
      entries: 8_000,
      sockets: 4,
      pauseMs: 20,
    });
    expect(waits).toHaveLength(4);
    expect(duringPurge).toBeGreaterThan(0);
  } finally {
    await started.stop();
  }
}, 120_000);
