import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ExecutionEnvironment } from '../../../local/functions/environment.ts';
import { maxRunningWhenBusy, createEnvironmentPool } from '../../../local/functions/environment-pool.ts';
import type { InvocationResult } from '../../../local/functions/invocation.ts';

const limit = maxRunningWhenBusy + 5;

/** Creates a pool of environments that load at once and answer when the test calls `finish`. */
function startPool() {
  const load = { busy: false, isBusy: () => load.busy };
  const running: ((result: InvocationResult) => void)[] = [];
  let started = 0;
  const start = (): ExecutionEnvironment => {
    started += 1;
    return {
      initialized: Promise.resolve(undefined),
      ended: new Promise(() => {}),
      run: () => new Promise((settle) => void running.push(settle)),
      current: () => undefined,
      terminate: async () => undefined,
    };
  };
  const pool = createEnvironmentPool(start, limit, load);
  return {
    load,
    running,
    started: () => started,
    /** Starts that many invocations; settles when all have been answered. */
    invoke: (times: number) => Promise.all(Array.from({ length: times }, () => pool.invoke('{}'))),
    /** Answers all running and waiting invocations; returns how many ran at the same time at most. */
    finish: async (): Promise<number> => {
      let maxRunning = 0;
      while (running.length > 0) {
        maxRunning = Math.max(maxRunning, running.length);
        running.shift()!({ ok: true, payload: 'null' });
        await vi.advanceTimersByTimeAsync(0);
      }
      return maxRunning;
    },
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the environments of a function', () => {
  it('are added up to the limit while the processors are idle', async () => {
    const { started, running, invoke } = startPool();
    void invoke(limit + 3);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([started(), running.length]).toEqual([limit, limit]);
  });

  it('are no more than maxRunningWhenBusy while the processors are busy', async () => {
    const { load, started, running, invoke, finish } = startPool();
    load.busy = true;
    const answers = invoke(limit);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([started(), running.length]).toEqual([maxRunningWhenBusy, maxRunningWhenBusy]);
    expect(await finish()).toBe(maxRunningWhenBusy);
    await answers;
  });

  it('stay idle above maxRunningWhenBusy while the processors are busy, and run again afterwards', async () => {
    const { load, running, invoke, finish } = startPool();
    void invoke(limit);
    await vi.advanceTimersByTimeAsync(10_000);
    await finish();
    load.busy = true;
    const answers = invoke(limit);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(running).toHaveLength(maxRunningWhenBusy);
    load.busy = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(running).toHaveLength(limit);
    load.busy = true;
    await finish();
    await answers;
  });

  it('all run at the same time while the processors are idle', async () => {
    const { running, invoke, finish } = startPool();
    void invoke(limit);
    await vi.advanceTimersByTimeAsync(10_000);
    await finish();
    void invoke(limit);
    expect(running).toHaveLength(limit);
  });
});
