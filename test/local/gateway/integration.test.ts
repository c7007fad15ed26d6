import { expect, it } from 'vitest';
import { createIntegration } from '../../../local/gateway/integration.ts';

it('a host that rejects, against its promise, is a failed function and not a crash of the gateway', async () => {
  const { call } = createIntegration(() => Promise.reject(new Error('the worker is gone')));
  expect(await call('f', {}, 1_000)).toMatchObject({
    kind: 'failed',
    errorMessage: 'Error: the worker is gone',
  });
});

it('a function that ran out of its own time has failed, which is not the time limit of the gateway', async () => {
  const { call } = createIntegration(() =>
    Promise.resolve({
      ok: false,
      errorType: 'Sandbox.Timedout',
      errorMessage: 'timed out',
      timedOut: true,
      payload: '{}',
    }),
  );
  expect(await call('f', {}, 1_000)).toMatchObject({ kind: 'failed', errorType: 'Sandbox.Timedout' });
});

it('once stopped, it waits for nothing and calls nothing', async () => {
  let calls = 0;
  const { call, idle, stop } = createIntegration(() => {
    calls += 1;
    return new Promise(() => undefined);
  });
  const waiting = call('f', {}, 60_000);
  stop();
  expect(await waiting).toEqual({ kind: 'timeout' });
  await idle();
  expect(await call('f', {}, 60_000)).toEqual({ kind: 'timeout' });
  expect(calls).toBe(1);
});
