import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ExecutionEnvironment } from '../../../local/functions/environment.ts';
import { computing, createEnvironmentPool } from '../../../local/functions/environment-pool.ts';
import type { InvocationResult } from '../../../local/functions/invocation.ts';

const limit = computing + 5;

/** A pool of environments that load at once and answer when told to. */
function pooled() {
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
    /** Settles when all of them are answered. */
    invoke: (times: number) => Promise.all(Array.from({ length: times }, () => pool.invoke('{}'))),
    /** Ends everything that runs, and what follows, until nothing is left. */
    finish: async (): Promise<number> => {
      let most = 0;
      while (running.length > 0) {
        most = Math.max(most, running.length);
        running.shift()!({ ok: true, payload: 'null' });
        await vi.advanceTimersByTimeAsync(0);
      }
      return most;
    },
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('environments of one function', () => {
  it('are added up to the limit while those there are only wait', async () => {
    const { started, running, invoke } = pooled();
    void invoke(limit + 3);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([started(), running.length]).toEqual([limit, limit]);
  });

  it('are no more than can compute while the processors are busy', async () => {
    const { load, started, running, invoke, finish } = pooled();
    load.busy = true;
    const answers = invoke(limit);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([started(), running.length]).toEqual([computing, computing]);
    expect(await finish()).toBe(computing);
    await answers;
  });

  it('rest while the processors are busy, those that were added before, and work again after that', async () => {
    const { load, running, invoke, finish } = pooled();
    void invoke(limit);
    await vi.advanceTimersByTimeAsync(10_000);
    await finish();
    load.busy = true;
    const answers = invoke(limit);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(running).toHaveLength(computing);
    load.busy = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(running).toHaveLength(limit);
    load.busy = true;
    await finish();
    await answers;
  });

  it('are all at work at once where the processors are not busy', async () => {
    const { running, invoke, finish } = pooled();
    void invoke(limit);
    await vi.advanceTimersByTimeAsync(10_000);
    await finish();
    void invoke(limit);
    expect(running).toHaveLength(limit);
  });
});
