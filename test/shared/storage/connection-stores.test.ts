import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { subscriptionStore } from '../../../shared/storage/entities/subscription.ts';
import { connectionStore } from '../../../shared/storage/connection-store.ts';
import { ann, bob, connectionOf, subscriberFor, start } from '../../kit/memory-chat/system.ts';
import { ttlOf } from './stored-items.ts';
import { keys } from './stored-keys.ts';
import { startTable } from './started-table.ts';

const started = await startTable();
const { table } = started;
const connections = connectionStore(table);
const subscriptions = subscriptionStore(table);

describe('a connection', () => {
  it('is read as it was opened', async () => {
    const opened = connectionOf(ann, 'open-1', {
      after: 7,
      batch: true,
      rooms: { [randomUUID()]: { name: 'r', shard: 3 } },
      head: { seq: 7, shards: 4 },
      joinsRoom: true,
    });
    const plain = connectionOf(ann, 'open-2');
    for (const connection of [opened, plain]) await connections.open(connection);
    expect(await connections.get('open-1')).toEqual(opened);
    expect(await connections.getMany(['open-2', 'none'])).toEqual([plain]);
    expect(await connections.filterExisting(['open-2', 'none', 'open-1'])).toEqual(
      new Set(['open-1', 'open-2']),
    );
    expect(await ttlOf(started, keys.connection('open-1'))).toBe(Math.ceil(opened.leaseEndsAtMs / 1_000));
    await connections.remove('open-1');
    await connections.remove('open-1');
    expect(await connections.get('open-1')).toBeUndefined();
  });

  it('opens and closes rooms, and is not brought back by doing so', async () => {
    const roomId = randomUUID();
    await connections.open(connectionOf(ann, 'rooms-1'));
    expect(await connections.addRoom('rooms-1', roomId, { name: 'r', shard: 0 })).toBe(true);
    await connections.updateRoom('rooms-1', roomId, { isRemoved: true });
    expect((await connections.get('rooms-1'))?.rooms).toEqual({
      [roomId]: { name: 'r', shard: 0, isRemoved: true },
    });
    await connections.removeRoom('rooms-1', roomId);
    await connections.updateRoom('rooms-1', roomId, { isRemoved: true });
    expect((await connections.get('rooms-1'))?.rooms).toEqual({});
    await connections.remove('rooms-1');
    expect(await connections.addRoom('rooms-1', roomId, { name: 'r', shard: 0 })).toBe(false);
    await connections.removeRoom('rooms-1', roomId);
    await connections.updateRoom('rooms-1', roomId, { isRemoved: true });
    await connections.updateRoom('rooms-1', roomId, { verifiedSeq: 3 });
    await connections.end('rooms-1', 'signed_out', start);
    expect(await connections.extend('rooms-1', { leaseEndsAtMs: start }, start)).toBe(false);
    expect(await connections.get('rooms-1')).toBeUndefined();
  });

  it('keeps the seq up to which the right to a room was verified, while the room is open', async () => {
    const roomId = randomUUID();
    await connections.open(connectionOf(ann, 'verified-1', { rooms: { [roomId]: { name: 'r', shard: 0 } } }));
    await connections.updateRoom('verified-1', roomId, { verifiedSeq: 7 });
    await connections.updateRoom('verified-1', randomUUID(), { verifiedSeq: 7 });
    expect((await connections.get('verified-1'))?.rooms).toEqual({
      [roomId]: { name: 'r', shard: 0, verifiedSeq: 7 },
    });
    await connections.updateRoom('verified-1', roomId, { isRemoved: true });
    expect((await connections.get('verified-1'))?.rooms[roomId]).toEqual({
      name: 'r',
      shard: 0,
      verifiedSeq: 7,
      isRemoved: true,
    });
  });

  it('extends only the fields that are given, and its ttl with the lease', async () => {
    await connections.open(connectionOf(ann, 'lease-1'));
    const extend = (changes: Parameters<typeof connections.extend>[1]) =>
      connections.extend('lease-1', changes, start);
    expect(await extend({ tokenEndsAtMs: start + 5 })).toBe(true);
    expect(await extend({ leaseEndsAtMs: start + 2_000, sessionId: bob.sessionId })).toBe(true);
    expect(await connections.get('lease-1')).toMatchObject({
      tokenEndsAtMs: start + 5,
      leaseEndsAtMs: start + 2_000,
      sessionId: bob.sessionId,
    });
    expect(await ttlOf(started, keys.connection('lease-1'))).toBe(start / 1_000 + 2);
  });

  it.each([
    ['token', { tokenEndsAtMs: start }],
    ['lease', { leaseEndsAtMs: start }],
  ])('is never extended once its %s has ended', async (what, ended) => {
    const connection = connectionOf(ann, `over-${what}`, ended);
    await connections.open(connection);
    const changes = { tokenEndsAtMs: start + 900_000, leaseEndsAtMs: start + 900_000 };
    expect(await connections.extend(connection.connectionId, changes, start)).toBe(false);
    expect(await connections.get(connection.connectionId)).toEqual(connection);
    expect(await connections.extend(connection.connectionId, changes, start - 1)).toBe(true);
  });

  it.each(['signed_out', 'too_many'] as const)('stays ended as %s, and opens no room', async (reason) => {
    const id = `ended-${reason}`;
    const connection = connectionOf(ann, id);
    await connections.open(connection);
    await connections.end(id, reason, start);
    const asEnded = { ...connection, ended: reason, tokenEndsAtMs: start };
    expect(await connections.get(id)).toEqual(asEnded);
    expect(await connections.extend(id, { tokenEndsAtMs: start + 900_000 }, start - 1)).toBe(false);
    expect(await connections.addRoom(id, randomUUID(), { name: 'r', shard: 0 })).toBe(false);
    expect(await connections.get(id)).toEqual(asEnded);
  });

  it('has ended after a concurrent extension and end, in either order', async () => {
    for (let time = 0; time < 5; time += 1) {
      const id = `race-${time}`;
      await connections.open(connectionOf(ann, id));
      await Promise.all([
        connections.extend(id, { tokenEndsAtMs: start + 900_000 }, start),
        connections.end(id, 'signed_out', start + 1),
      ]);
      expect(await connections.get(id)).toMatchObject({ ended: 'signed_out', tokenEndsAtMs: start + 1 });
    }
  });
});

describe('the subscription store', () => {
  it('stores subscribers by shard, each unchanged', async () => {
    const topic = randomUUID();
    const one = subscriberFor(ann, 'l1', { batch: true });
    const two = subscriberFor(bob, 'l2', { shard: 1, isSingleRoom: true });
    for (const subscriber of [one, two, one]) await subscriptions.add(topic, subscriber);
    expect(await subscriptions.shard(topic, 0)).toEqual([one]);
    expect(await subscriptions.shard(topic, 1)).toEqual([two]);
    await subscriptions.remove({ topic, shard: 0, connectionId: 'l1' });
    await subscriptions.remove({ topic, shard: 0, connectionId: 'l1' });
    expect(await subscriptions.shard(topic, 0)).toEqual([]);
  });

  it('removes a subscriber up to a time, but not one whose join was received later', async () => {
    const topic = randomUUID();
    const key = { topic, shard: 0, connectionId: 'l1' };
    const joined = { ...subscriberFor(ann, 'l1'), joinReceivedAtMs: start };
    await subscriptions.add(topic, joined);
    expect(await subscriptions.remove(key, start - 1)).toBe(false);
    expect(await subscriptions.shard(topic, 0)).toHaveLength(1);
    expect(await subscriptions.remove(key, start)).toBe(true);
    expect(await subscriptions.shard(topic, 0)).toEqual([]);
  });

  it('extends an existing subscriber, and does not bring back another one', async () => {
    const topic = randomUUID();
    await subscriptions.add(topic, subscriberFor(ann, 'l1'));
    await subscriptions.extend(topic, 0, 'l1', { leaseEndsAtMs: start + 1 });
    await subscriptions.extend(topic, 0, 'l2', { leaseEndsAtMs: start + 1 });
    expect(await subscriptions.shard(topic, 0)).toEqual([
      subscriberFor(ann, 'l1', { leaseEndsAtMs: start + 1 }),
    ]);
  });

  it('moves a subscriber to another session of its socket', async () => {
    const topic = randomUUID();
    await subscriptions.add(topic, subscriberFor(ann, 'l1'));
    await subscriptions.extend(topic, 0, 'l1', { sessionId: bob.sessionId, tokenVersion: 3 });
    expect(await subscriptions.shard(topic, 0)).toEqual([
      subscriberFor(ann, 'l1', { sessionId: bob.sessionId }),
    ]);
  });

  it('keeps an ended subscriber, does not extend it, and does not bring back another one', async () => {
    const topic = randomUUID();
    await subscriptions.add(topic, subscriberFor(ann, 'l1', { shard: 2 }));
    await subscriptions.end({ topic, shard: 2, connectionId: 'l1' }, 'too_many', start);
    await subscriptions.end({ topic, shard: 2, connectionId: 'l2' }, 'too_many', start);
    const ended = subscriberFor(ann, 'l1', { shard: 2, ended: 'too_many', tokenEndsAtMs: start });
    expect(await subscriptions.shard(topic, 2)).toEqual([ended]);
    await subscriptions.extend(topic, 2, 'l1', { tokenEndsAtMs: start + 900_000, sessionId: bob.sessionId });
    expect(await subscriptions.shard(topic, 2)).toEqual([ended]);
  });
});
