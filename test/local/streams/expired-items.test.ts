import { describe, expect, it } from 'vitest';
import type { DynamoDbClient } from '../../../local/engine/dynamodb-request.ts';
import { createLog } from '../../../local/log.ts';
import { watchExpiredItems } from '../../../local/streams/expired-items.ts';
import { eventually } from '../../kit/eventually.ts';
import { useRuntime } from '../faults/started-runtime.ts';

const { faults, api, keysOf, seenOf, fresh, runtime } = useRuntime({ expiry: { sweepIntervalMs: 100 } });

const now = (): number => Math.floor(Date.now() / 1000);

describe('an item with a TTL', () => {
  it('is deleted, and its stream record names DynamoDB as the author', async () => {
    const pk = fresh();
    await api('put', { pk, sk: 'LEASE', ttl: now() - 5 });
    await eventually(async () => expect(await keysOf(pk)).toEqual([]));
    await eventually(async () =>
      expect(await seenOf(pk)).toEqual(['LEASE by Service dynamodb.amazonaws.com']),
    );
  });

  it('is not deleted before its TTL has passed', async () => {
    const pk = fresh();
    const ttl = now() + 2;
    await api('put', { pk, sk: 'LEASE', ttl });
    await eventually(async () => expect(await keysOf(pk)).toEqual([]));
    expect(Date.now()).toBeGreaterThanOrEqual(ttl * 1000);
  });

  it('stays when its TTL was extended', async () => {
    const [pk, witness] = [fresh(), fresh()];
    await api('put', { pk, sk: 'LEASE', ttl: now() + 1 });
    await api('put', { pk, sk: 'LEASE', ttl: now() + 600 });
    await api('put', { pk: witness, sk: 'LEASE', ttl: now() + 1 });
    await eventually(async () => expect(await keysOf(witness)).toEqual([]));
    expect(await keysOf(pk)).toEqual(['LEASE']);
  });

  it('stays when its TTL passed more than five years ago, as does an item without a TTL', async () => {
    const [old, timeless, witness] = [fresh(), fresh(), fresh()];
    await api('put', { pk: old, sk: 'LEASE', ttl: now() - 6 * 365 * 86_400 });
    await api('put', { pk: timeless, sk: 'LEASE' });
    await api('put', { pk: witness, sk: 'LEASE', ttl: now() - 5 });
    await eventually(async () => expect(await keysOf(witness)).toEqual([]));
    expect(await keysOf(old)).toEqual(['LEASE']);
    expect(await keysOf(timeless)).toEqual(['LEASE']);
  });

  it('is deleted even when the database restarts at that time', async () => {
    const pk = fresh();
    await api('put', { pk, sk: 'LEASE', ttl: now() - 5 });
    await faults('POST', { point: 'engine', action: 'kill' }, '/now');
    await eventually(async () => expect(await keysOf(pk)).toEqual([]));
  });

  it('has a stream record without an author when a function deletes it', async () => {
    const pk = fresh();
    await api('put', { pk, sk: 'LEASE', ttl: now() + 600 });
    await api('remove', { pk, sk: 'LEASE' });
    await eventually(async () => expect(await seenOf(pk)).toEqual(['LEASE']));
  });

  it('is deleted at once by a sweep through the faults API', async () => {
    const pk = fresh();
    await api('put', { pk, sk: 'LEASE', ttl: now() - 5 });
    await eventually(async () => {
      await faults('POST', undefined, '/sweep');
      expect(await keysOf(pk)).toEqual([]);
    });
  });
});

it('finds items without a stream record by a scan', async () => {
  const calls: string[] = [];
  const items = [
    { pk: { S: 'a' }, sk: { S: 'x' }, ttl: { N: String(now() - 5) } },
    { pk: { S: 'b' }, sk: { S: 'x' }, ttl: { N: String(now() + 500) } },
    { pk: { S: 'c' }, sk: { S: 'x' } },
  ];
  const database: DynamoDbClient = {
    async call<Result>(target: string, input: any): Promise<Result> {
      calls.push(target.split('.')[1]!);
      if (!target.endsWith('Scan')) return { deleted: input.Key } as Result;
      const start = input.ExclusiveStartKey === undefined ? 0 : 2;
      const page = {
        Items: items.slice(start, start + 2),
        ...(start === 0 && { LastEvaluatedKey: { pk: { S: 'b' } } }),
      };
      return page as Result;
    },
    close: () => undefined,
  };
  const expiredItems = watchExpiredItems({
    table: runtime().stack.table,
    ttlAttribute: 'ttl',
    database,
    log: createLog('silent'),
  });
  await eventually(() => expect(calls).toEqual(['Scan', 'Scan']));
  expect(await expiredItems.sweep()).toBe(1);
  expect(await expiredItems.sweep()).toBe(0);
  expect(calls).toEqual(['Scan', 'Scan', 'DeleteItem']);
  await expiredItems.close();
});
