import { describe, expect, it, vi } from 'vitest';
import {
  enforceConnectionLimit,
  assertConnectionAllowed,
  surplusConnections,
} from '../../../../shared/domain/rate-limits/connections-per-user.ts';
import { memoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, connectionOf, subscriberFor, start } from '../../../kit/memory-chat/system.ts';

async function withSockets(...sockets: Parameters<typeof subscriberFor>[2][]) {
  const { subscriptions } = memoryChat();
  for (const [index, fields] of sockets.entries())
    await subscriptions.add(ann.userId, subscriberFor(ann, `a${index}`, fields));
  return { subscriptions };
}

const lease = (leaseMs: number) => ({ leaseEndsAtMs: start + leaseMs });

describe('a connection that is about to open', () => {
  it('is refused only when its user has as many connections as allowed', async () => {
    const ports = await withSockets({}, {});
    await expect(assertConnectionAllowed(ports, ann.userId, start, 2)).rejects.toMatchObject({
      code: 'rate_limited',
    });
    await assertConnectionAllowed(ports, ann.userId, start, 3);
    await assertConnectionAllowed(ports, bob.userId, start, 2);
  });

  it('is admitted once the lease of another connection has ended, even if that one was never removed', async () => {
    const ports = await withSockets({}, lease(5_000));
    const open = (now: number) => assertConnectionAllowed(ports, ann.userId, now, 2);
    await expect(open(start + 4_999)).rejects.toMatchObject({ code: 'rate_limited' });
    await open(start + 5_000);
  });

  it('is refused with retryAfterMs until the first lease ends, at most 30 seconds', async () => {
    const open = async (leaseMs: number) =>
      assertConnectionAllowed(await withSockets(lease(leaseMs)), ann.userId, start, 1);
    await expect(open(7_000)).rejects.toMatchObject({ retryAfterMs: 7_000 });
    await expect(open(7_200_000)).rejects.toMatchObject({ retryAfterMs: 30_000 });
  });

  it('is admitted without any read when there is no limit', async () => {
    const shard = vi.fn(async () => []);
    await assertConnectionAllowed({ subscriptions: { shard } }, ann.userId, start, 0);
    expect(shard).not.toHaveBeenCalled();
  });
});

describe('a connection that has just been registered', () => {
  const registered = (id: string, openedAtMs: number, more = {}) =>
    subscriberFor(ann, id, { openedAtMs, ...more });

  /** Registers the sockets and stores their connections, except those in `withoutConnection`. */
  async function withRegistered(sockets: ReturnType<typeof registered>[], withoutConnection: string[] = []) {
    const { subscriptions, connections } = memoryChat();
    for (const socket of sockets) await subscriptions.add(ann.userId, socket);
    const existing = sockets.filter(({ connectionId }) => !withoutConnection.includes(connectionId));
    for (const { connectionId } of existing) await connections.open(connectionOf(ann, connectionId));
    const count = (connectionId: string, now = start, maxConnections = 2) =>
      enforceConnectionLimit(
        { subscriptions, connections },
        { userId: ann.userId, connectionId, now, maxConnections },
      );
    return { subscriptions, connections, count };
  }

  it('is refused when it is the newest and exceeds the limit, and admitted otherwise', async () => {
    const { count } = await withRegistered([registered('a', 1), registered('b', 2), registered('c', 3)]);
    await expect(count('c')).rejects.toMatchObject({ code: 'rate_limited' });
    const { count: countTwo } = await withRegistered([registered('a', 1), registered('b', 2)]);
    expect(await countTwo('b')).toEqual([]);
  });

  it('returns newer connections that exceed the limit because they did not see it', async () => {
    const newer = [registered('c', 3), registered('d', 4)];
    const { count } = await withRegistered([registered('a', 1), registered('b', 2), ...newer]);
    expect(await count('b')).toEqual(newer);
  });

  it('does not count a registration without a stored connection', async () => {
    const sockets = [registered('a', 1), registered('b', 2), registered('c', 3)];
    const { count } = await withRegistered(sockets, ['a']);
    expect(await count('c')).toEqual([]);
  });

  it.each([
    ['lease', { leaseEndsAtMs: start }],
    ['token', { tokenEndsAtMs: start }],
  ])('does not count a connection whose %s has ended', async (_, more) => {
    const { count } = await withRegistered([
      registered('a', 1, more),
      registered('b', 2),
      registered('c', 3),
    ]);
    expect(await count('c')).toEqual([]);
  });

  it('is refused with retryAfterMs until the first connection ends, at most 30 seconds', async () => {
    const soon = [registered('a', 1, lease(7_000)), registered('b', 2), registered('c', 3)];
    await expect((await withRegistered(soon)).count('c')).rejects.toMatchObject({ retryAfterMs: 7_000 });
    const late = { leaseEndsAtMs: start + 7_200_000, tokenEndsAtMs: start + 7_200_000 };
    const all = ['a', 'b', 'c'].map((id, at) => registered(id, at, late));
    await expect((await withRegistered(all)).count('c')).rejects.toMatchObject({ retryAfterMs: 30_000 });
  });

  it('is admitted without any read when there is no limit', async () => {
    const { count, subscriptions } = await withRegistered([registered('a', 1)]);
    const reads = vi.spyOn(subscriptions, 'shard');
    expect(await count('a', start, 0)).toEqual([]);
    expect(reads).not.toHaveBeenCalled();
  });

  it('reads no connections while the registrations are within the limit', async () => {
    const { count, connections } = await withRegistered([registered('a', 1), registered('b', 2)]);
    const reads = vi.spyOn(connections, 'filterExisting');
    await count('b');
    expect(reads).not.toHaveBeenCalled();
  });
});

describe('surplus connections', () => {
  const at = (id: string, openedAtMs: number, more = {}) => subscriberFor(ann, id, { openedAtMs, ...more });
  const ids = (...sockets: ReturnType<typeof at>[]) =>
    surplusConnections(sockets, start, 2).map(({ connectionId }) => connectionId);

  it('are the newest, in whatever order they are listed', () => {
    expect(ids(at('c', 3), at('a', 1), at('b', 2))).toEqual(['c']);
    expect(ids(at('a', 1), at('b', 2))).toEqual([]);
  });

  it('are chosen by connection id when connections opened in the same millisecond', () => {
    const sockets = ['d', 'b', 'a', 'c'].map((id) => at(id, 1));
    expect(ids(...sockets)).toEqual(['c', 'd']);
    expect(ids(...sockets.toReversed())).toEqual(['c', 'd']);
  });

  it('are counted only while their leases last, and never without a limit', () => {
    expect(ids(at('a', 1, lease(0)), at('b', 2), at('c', 3))).toEqual([]);
    expect(surplusConnections([at('a', 1), at('b', 2)], start, 0)).toEqual([]);
  });
});
