import { expect, it } from 'vitest';
import { useRuntime } from './started-runtime.ts';

const { faults, api, rule, fresh, keysOf } = useRuntime({ sparesDatabase: true });

it('a database that is spared has no points, and rules for it are refused', async () => {
  const { body } = await faults('GET');
  const points = body.points.map(({ point }: { point: string }) => point);
  expect(points).toEqual(['connections', 'invoke', 'async', 'stream', 'socket']);
  for (const point of ['database', 'engine']) {
    const answer = await faults('POST', { point, action: 'kill' });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'point' }] } });
  }
});

it('is used by functions all the same, and what else there is can fail', async () => {
  const pk = fresh();
  await api('put', { pk, sk: 'one' });
  expect(await keysOf(pk)).toEqual(['one']);
  await rule({ point: 'invoke', action: 'fail', count: 1, match: { function: 'api' } });
  expect((await api('put', { pk, sk: 'two' })).status).toBeGreaterThanOrEqual(500);
  expect(await keysOf(pk)).toEqual(['one']);
});
