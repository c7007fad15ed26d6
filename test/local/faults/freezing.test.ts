import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../kit/eventually.ts';
import { useRuntime } from './started-runtime.ts';

const left: string[][] = [];
const { rule, api, keysOf, fresh } = useRuntime({
  onLeftWork: (_functionId, resources) => void left.push(resources),
});
afterEach(() => left.splice(0));

const freeze = (): Promise<void> =>
  rule({ point: 'environment', action: 'freeze', match: { function: 'api' } });
const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

describe('a frozen environment', () => {
  it('runs no timer until its next invocation', async () => {
    await freeze();
    await api('leaveTimer');
    await pause(400);
    const thawedAt = Date.now();
    const ranAt = await eventually(async () => {
      const { body } = await api('timer');
      expect(body.ranAt).toBeTypeOf('number');
      return body.ranAt as number;
    });
    expect(ranAt).toBeGreaterThanOrEqual(thawedAt);
  });

  it('is not frozen without a rule', async () => {
    await api('leaveTimer');
    await pause(400);
    const askedAt = Date.now();
    expect((await api('timer')).body.ranAt).toBeLessThan(askedAt);
  });

  it('handles its next invocations as before', async () => {
    await freeze();
    const pk = fresh();
    for (let round = 1; round <= 5; round += 1)
      expect((await api('steps', { pk, steps: 2 })).body).toEqual(['done', 'done']);
    expect(await keysOf(pk)).toEqual(['STEP#1', 'STEP#2']);
    expect(left).toEqual([]);
  });
});

describe('work that is left behind', () => {
  it.each([
    ['leaveTimer', 'Timeout'],
    ['leaveRequest', 'TCPSocketWrap'],
    ['leaveFile', 'FSReqPromise'],
  ])('is found after %s, as %s', async (action, resource) => {
    await api('steps', { pk: fresh(), steps: 1 });
    await freeze();
    await api(action, { pk: fresh() });
    expect(left).toEqual([expect.arrayContaining([resource])]);
  });
});
