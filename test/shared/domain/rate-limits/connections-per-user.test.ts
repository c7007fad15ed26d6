import { describe, expect, it, vi } from 'vitest';
import {
  enforceConnectionLimit,
  assertConnectionAllowed,
  surplusConnections,
} from '../../../../shared/domain/rate-limits/connections-per-user.ts';
import { fakeSubscriptions, fakeConnections } from '../../fakes/sockets.ts';
import { ann, bob, connectionOf, subscriberFor, start } from '../../fakes/system.ts';

async function withSockets(...more: Parameters<typeof subscriberFor>[2][]) {
  const subscriptions = fakeSubscriptions();
  for (const [at, one] of more.entries())
    await subscriptions.add(ann.userId, subscriberFor(ann, `a${at}`, one));
  return { subscriptions };
}

const lease = (milliseconds: number) => ({ leaseEndsAt: start + milliseconds });

describe('one more socket', () => {
  it('is refused to a user who has as many as they may, and to nobody else', async () => {
    const ports = await withSockets({}, {});
    await expect(assertConnectionAllowed(ports, ann.userId, start, 2)).rejects.toMatchObject({
      code: 'rate_limited',
    });
    await assertConnectionAllowed(ports, ann.userId, start, 3);
    await assertConnectionAllowed(ports, bob.userId, start, 2);
  });

  it('may come once a lease has ended, whether or not the socket was ever found gone', async () => {
    const ports = await withSockets({}, lease(5_000));
    const open = (now: number) => assertConnectionAllowed(ports, ann.userId, now, 2);
    await expect(open(start + 4_999)).rejects.toMatchObject({ code: 'rate_limited' });
    await open(start + 5_000);
  });

  it('is told when to come back: at the end of the first lease, or in half a minute', async () => {
    const told = async (milliseconds: number) =>
      assertConnectionAllowed(await withSockets(lease(milliseconds)), ann.userId, start, 1);
    await expect(told(7_000)).rejects.toMatchObject({ retryAfterMs: 7_000 });
    await expect(told(7_200_000)).rejects.toMatchObject({ retryAfterMs: 30_000 });
  });

  it('is never refused where there is no limit, and nothing is read', async () => {
    const shard = vi.fn(async () => []);
    await assertConnectionAllowed({ subscriptions: { shard } }, ann.userId, start, 0);
    expect(shard).not.toHaveBeenCalled();
  });
});

describe('a socket that has just been registered', () => {
  const registered = (id: string, openedAt: number, more = {}) =>
    subscriberFor(ann, id, { openedAt, ...more });

  /** All of them have connections, except those named. */
  async function withRegistered(sockets: ReturnType<typeof registered>[], withoutConnection: string[] = []) {
    const subscriptions = fakeSubscriptions();
    for (const socket of sockets) await subscriptions.add(ann.userId, socket);
    const existing = sockets.filter(({ connectionId }) => !withoutConnection.includes(connectionId));
    const connections = fakeConnections(
      ...existing.map(({ connectionId }) => connectionOf(ann, connectionId)),
    );
    const count = (connectionId: string, now = start, most = 2) =>
      enforceConnectionLimit(
        { subscriptions, connections },
        { userId: ann.userId, connectionId, now, maxConnections: most },
      );
    return { subscriptions, connections, count };
  }

  it('is refused when it is the newest and one too many, and let in otherwise', async () => {
    const { count } = await withRegistered([registered('a', 1), registered('b', 2), registered('c', 3)]);
    await expect(count('c')).rejects.toMatchObject({ code: 'rate_limited' });
    const { count: countTwo } = await withRegistered([registered('a', 1), registered('b', 2)]);
    expect(await countTwo('b')).toEqual([]);
  });

  it('finds newer ones that did not see it and are too many now', async () => {
    const newer = [registered('c', 3), registered('d', 4)];
    const { count } = await withRegistered([registered('a', 1), registered('b', 2), ...newer]);
    expect(await count('b')).toEqual(newer);
  });

  it('does not count one whose handshake failed half-way', async () => {
    const sockets = [registered('a', 1), registered('b', 2), registered('c', 3)];
    const { count } = await withRegistered(sockets, ['a']);
    expect(await count('c')).toEqual([]);
  });

  it.each([
    ['lease', { leaseEndsAt: start }],
    ['token', { tokenEndsAt: start }],
  ])('does not count one whose %s has ended, which is never extended again', async (_, more) => {
    const { count } = await withRegistered([
      registered('a', 1, more),
      registered('b', 2),
      registered('c', 3),
    ]);
    expect(await count('c')).toEqual([]);
  });

  it('is told when to come back: at the end of the first that ends, or in half a minute', async () => {
    const soon = [registered('a', 1, lease(7_000)), registered('b', 2), registered('c', 3)];
    await expect((await withRegistered(soon)).count('c')).rejects.toMatchObject({ retryAfterMs: 7_000 });
    const late = { leaseEndsAt: start + 7_200_000, tokenEndsAt: start + 7_200_000 };
    const all = ['a', 'b', 'c'].map((id, at) => registered(id, at, late));
    await expect((await withRegistered(all)).count('c')).rejects.toMatchObject({ retryAfterMs: 30_000 });
  });

  it('is never refused where there is no limit, and nothing is read', async () => {
    const { count, subscriptions } = await withRegistered([registered('a', 1)]);
    const reads = vi.spyOn(subscriptions, 'shard');
    expect(await count('a', start, 0)).toEqual([]);
    expect(reads).not.toHaveBeenCalled();
  });

  it('costs no second read as long as there are few', async () => {
    const { count, connections } = await withRegistered([registered('a', 1), registered('b', 2)]);
    const reads = vi.spyOn(connections, 'there');
    await count('b');
    expect(reads).not.toHaveBeenCalled();
  });
});

describe('those that are too many', () => {
  const at = (id: string, openedAt: number, more = {}) => subscriberFor(ann, id, { openedAt, ...more });
  const ids = (...sockets: ReturnType<typeof at>[]) =>
    surplusConnections(sockets, start, 2).map(({ connectionId }) => connectionId);

  it('are the newest, in whatever order they were noted', () => {
    expect(ids(at('c', 3), at('a', 1), at('b', 2))).toEqual(['c']);
    expect(ids(at('a', 1), at('b', 2))).toEqual([]);
  });

  it('are the same to everybody who looks, also when they came in the same millisecond', () => {
    const sockets = ['d', 'b', 'a', 'c'].map((id) => at(id, 1));
    expect(ids(...sockets)).toEqual(['c', 'd']);
    expect(ids(...sockets.toReversed())).toEqual(['c', 'd']);
  });

  it('are counted by their leases', () => {
    expect(ids(at('a', 1, lease(0)), at('b', 2), at('c', 3))).toEqual([]);
    expect(surplusConnections([at('a', 1), at('b', 2)], start, 0)).toEqual([]);
  });
});
