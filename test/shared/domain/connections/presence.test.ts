import { describe, expect, it } from 'vitest';
import { hasOtherConnection, usersPresent } from '../../../../shared/domain/connections/presence.ts';
import { shardsFor } from '../../../../shared/domain/connections/subscribers.ts';
import { ann, bob, cat, subscriberFor, start } from '../../../kit/memory-chat/system.ts';

describe('presence in a room', () => {
  const now = start;

  it('lists each user with a live connection once, ordered by when they joined', () => {
    const subscribers = [
      subscriberFor(bob, 'b2', { joinedAtMs: 3 }),
      subscriberFor(ann, 'a1', { joinedAtMs: 2 }),
      subscriberFor(bob, 'b1', { joinedAtMs: 1 }),
      subscriberFor(cat, 'c1', { joinedAtMs: 0, leaseEndsAtMs: now }),
    ];
    expect(usersPresent(subscribers, now).map(({ username }) => username)).toEqual(['bob', 'ann']);
  });

  it('orders two connections that joined in the same millisecond by their ids', () => {
    const [one, two] = [
      subscriberFor(ann, 'a1', { joinedAtMs: 5 }),
      subscriberFor(ann, 'a2', { joinedAtMs: 5 }),
    ];
    expect(hasOtherConnection([one, two], one, now, one)).toBe(false);
    expect(hasOtherConnection([one, two], two, now, two)).toBe(true);
    expect(hasOtherConnection([one, { ...two, tokenEndsAtMs: now }], one, now)).toBe(false);
    expect(hasOtherConnection([one, subscriberFor(bob, 'b1')], one, now)).toBe(false);
  });

  it('needs more shards as the room grows, and never fewer', () => {
    expect([
      shardsFor(100, 1),
      shardsFor(101, 1),
      shardsFor(2_000, 4),
      shardsFor(2_001, 4),
      shardsFor(1, 4),
    ]).toEqual([1, 4, 4, 16, 4]);
  });
});
