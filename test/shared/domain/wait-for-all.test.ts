import { describe, expect, it } from 'vitest';
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { waitForAll } from '../../../shared/domain/wait-for-all.ts';

async function failing(error: Error): Promise<never> {
  throw error;
}

describe('waitForAll', () => {
  it('returns the values in the order of the promises', async () => {
    const slow = new Promise<string>((resolve) => setImmediate(() => resolve('slow')));
    expect(await waitForAll([slow, Promise.resolve(2), undefined])).toEqual(['slow', 2, undefined]);
  });

  it('rejects only when the other promises have settled', async () => {
    let settleOther = (): void => undefined;
    const other = new Promise<void>((resolve) => (settleOther = resolve));
    let isSettled = false;
    const waiting = waitForAll([failing(new Error('first')), other]).catch(() => (isSettled = true));
    await new Promise(setImmediate);
    expect(isSettled).toBe(false);
    settleOther();
    await waiting;
    expect(isSettled).toBe(true);
  });

  it('rejects with an unexpected error rather than with a refusal, and counts the others', async () => {
    const unexpected = new Error('no answer');
    const all = [failing(new ChatError('not_found')), failing(unexpected), failing(new Error('later'))];
    await expect(waitForAll(all)).rejects.toBe(unexpected);
    expect(unexpected).toMatchObject({ alsoFailed: 2 });
  });

  it('rejects with the only error as it is', async () => {
    const refusal = new ChatError('not_found');
    await expect(waitForAll([failing(refusal), Promise.resolve()])).rejects.toBe(refusal);
    expect(refusal).not.toHaveProperty('alsoFailed');
  });
});
