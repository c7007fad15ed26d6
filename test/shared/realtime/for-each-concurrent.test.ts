import { describe, expect, it } from 'vitest';
import { forEachConcurrent } from '../../../shared/realtime/for-each-concurrent.ts';

describe('forEachConcurrent', () => {
  it('works on every item, on at most so many at a time', async () => {
    const done: number[] = [];
    let running = 0;
    let most = 0;
    await forEachConcurrent([1, 2, 3, 4, 5], 2, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      done.push(item);
    });
    expect([done.toSorted((a, b) => a - b), most]).toEqual([[1, 2, 3, 4, 5], 2]);
  });

  it('takes no further item after an error, and throws when the running lanes have ended', async () => {
    let endLane = (): void => undefined;
    const lane = new Promise<void>((resolve) => (endLane = resolve));
    const started: string[] = [];
    let outcome: unknown;
    const running = forEachConcurrent(['fails', 'waits', 'next', 'last'], 2, async (item) => {
      started.push(item);
      if (item === 'fails') throw new Error('no answer');
      await lane;
    }).catch((error: unknown) => (outcome = error));
    await new Promise(setImmediate);
    expect([started, outcome]).toEqual([['fails', 'waits'], undefined]);
    endLane();
    await running;
    expect(started).toEqual(['fails', 'waits']);
    expect(outcome).toEqual(new Error('no answer'));
  });

  it('counts the errors of the other lanes on the one that it throws', async () => {
    const error = new Error('first');
    const running = forEachConcurrent([error, new Error('second'), new Error('third')], 3, (item) =>
      Promise.reject(item),
    );
    await expect(running).rejects.toBe(error);
    expect(error).toMatchObject({ alsoFailed: 2 });
  });

  it('throws an error of work that fails before it returns a promise', async () => {
    const running = forEachConcurrent([1], 1, () => {
      throw new Error('at once');
    });
    await expect(running).rejects.toThrow('at once');
  });
});
