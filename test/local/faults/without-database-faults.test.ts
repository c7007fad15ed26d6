import { expect, it } from 'vitest';
import { useRuntime } from './started-runtime.ts';

const { faults, api, rule, fresh, keysOf } = useRuntime({ withoutDatabaseFaults: true });

it('the option withoutDatabaseFaults removes the points of the database and rejects rules for them', async () => {
  const { body } = await faults('GET');
  const points = body.points.map(({ point }: { point: string }) => point);
  expect(points).toEqual([
    'connections',
    'invoke',
    'async',
    'stream',
    'secrets',
    'storage',
    'events',
    'environment',
    'socket',
  ]);
  for (const point of ['database', 'engine']) {
    const answer = await faults('POST', { point, action: 'kill' });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'point' }] } });
  }
});

it('the option withoutDatabaseFaults leaves the database usable and the other points active', async () => {
  const pk = fresh();
  await api('put', { pk, sk: 'one' });
  expect(await keysOf(pk)).toEqual(['one']);
  await rule({ point: 'invoke', action: 'fail', count: 1, match: { function: 'api' } });
  expect((await api('put', { pk, sk: 'two' })).status).toBeGreaterThanOrEqual(500);
  expect(await keysOf(pk)).toEqual(['one']);
});
