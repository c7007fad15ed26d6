import { expect, it } from 'vitest';
import { createIntegration } from '../../../local/gateway/integration.ts';

it('the integration reports a failed function when invoke rejects unexpectedly', async () => {
  const { call } = createIntegration(() => Promise.reject(new Error('The worker is gone')));
  expect(await call('f', {}, 1_000)).toMatchObject({
    kind: 'failed',
    errorMessage: 'Error: The worker is gone',
  });
});

it('the integration reports a failed function, not a gateway timeout, when the function exceeds its own timeout', async () => {
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

it('the integration ends pending calls as timed out and starts no new ones once it is stopped', async () => {
  let calls = 0;
  const { call, idle, stop } = createIntegration(() => {
    calls += 1;
    return new Promise(() => undefined);
  });
  const pending = call('f', {}, 60_000);
  stop();
  expect(await pending).toEqual({ kind: 'timeout' });
  await idle();
  expect(await call('f', {}, 60_000)).toEqual({ kind: 'timeout' });
  expect(calls).toBe(1);
});
