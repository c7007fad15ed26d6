import { describe, expect, it } from 'vitest';
import { floodGuard } from '../../../../shared/domain/rate-limits/flood-guard.ts';
import { start } from '../../../kit/memory-chat/system.ts';

const limited = (retryAfterMs: number) => expect.objectContaining({ code: 'rate_limited', retryAfterMs });

describe('the flood guard', () => {
  it('admits light commands up to the budget of their connection in each window', () => {
    const guard = floodGuard(3);
    for (let count = 0; count < 3; count += 1) guard.spend('a', 1, start);
    expect(() => guard.spend('a', 1, start + 1_000)).toThrow(limited(9_000));
    guard.spend('b', 3, start);
    guard.spend('a', 3, start + 10_000);
    expect(() => guard.spend('a', 1, start + 10_000)).toThrow(limited(10_000));
  });

  it('ends a connection once when its refusals exceed the budget, and remembers that it has ended', () => {
    const guard = floodGuard(3);
    const refusals = Array.from({ length: 6 }, () => guard.countRefusal('a', start));
    expect(refusals).toEqual([false, false, false, true, false, false]);
    expect(guard.hasEnded('a')).toBe(true);
    expect(guard.hasEnded('b')).toBe(false);
  });

  it('counts the refusals of each window separately', () => {
    const guard = floodGuard(3);
    for (let window = 0; window < 5; window += 1) {
      for (let count = 0; count < 3; count += 1) {
        expect(guard.countRefusal('a', start + window * 10_000)).toBe(false);
      }
    }
  });

  it('publishes an unchanged typing state once in two seconds, and a changed one at once', () => {
    const guard = floodGuard(3);
    const publishes = (isTyping: boolean, afterMs: number, room = 'r') =>
      guard.shouldPublishTyping('a', room, isTyping, start + afterMs);
    expect([publishes(true, 0), publishes(true, 1_999), publishes(true, 2_000)]).toEqual([true, false, true]);
    expect([publishes(false, 2_001), publishes(true, 2_002)]).toEqual([true, true]);
    expect(publishes(true, 2_003, 'other')).toBe(true);
  });

  it('forgets the oldest connection when it remembers 5,000', () => {
    const guard = floodGuard(1);
    guard.spend('first', 1, start);
    for (let index = 0; index < 5_000; index += 1) guard.spend(`c${index}`, 1, start);
    expect(() => guard.spend('first', 1, start)).not.toThrow();
    expect(() => guard.spend('c4999', 1, start)).toThrow(limited(10_000));
  });
});
