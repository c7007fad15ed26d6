import { describe, expect, it } from 'vitest';
import { floodGuard } from '../../../../shared/domain/rate-limits/flood-guard.ts';
import { start } from '../../fakes/system.ts';

const limited = (retryAfterMs: number) => expect.objectContaining({ code: 'rate_limited', retryAfterMs });

describe('what an instance remembers', () => {
  it('lets cheap commands pass up to the budget of each connection', () => {
    const guard = floodGuard(3);
    for (let count = 0; count < 3; count += 1) guard.spend('a', 1, start);
    expect(() => guard.spend('a', 1, start + 1_000)).toThrow(limited(9_000));
    guard.spend('b', 3, start);
    guard.spend('a', 3, start + 10_000);
    expect(() => guard.spend('a', 1, start + 10_000)).toThrow(limited(10_000));
  });

  it('has enough of a connection that is refused again and again, once, and then hears nothing of it', () => {
    const guard = floodGuard(3);
    const refusals = Array.from({ length: 6 }, () => guard.countRefusal('a', start));
    expect(refusals).toEqual([false, false, false, true, false, false]);
    expect(guard.hasEnded('a')).toBe(true);
    expect(guard.hasEnded('b')).toBe(false);
  });

  it('does not hold what was refused a while ago against anybody', () => {
    const guard = floodGuard(3);
    for (let window = 0; window < 5; window += 1) {
      for (let count = 0; count < 3; count += 1) {
        expect(guard.countRefusal('a', start + window * 10_000)).toBe(false);
      }
    }
  });

  it('takes the same news of typing once in two seconds, and other news at once', () => {
    const guard = floodGuard(3);
    const isNews = (isTyping: boolean, after: number, room = 'r') =>
      guard.shouldPublishTyping('a', room, isTyping, start + after);
    expect([isNews(true, 0), isNews(true, 1_999), isNews(true, 2_000)]).toEqual([true, false, true]);
    expect([isNews(false, 2_001), isNews(true, 2_002)]).toEqual([true, true]);
    expect(isNews(true, 2_003, 'other')).toBe(true);
  });

  it('is bounded: the oldest connections are forgotten', () => {
    const guard = floodGuard(1);
    guard.spend('first', 1, start);
    for (let at = 0; at < 5_000; at += 1) guard.spend(`c${at}`, 1, start);
    expect(() => guard.spend('first', 1, start)).not.toThrow();
    expect(() => guard.spend('c4999', 1, start)).toThrow(limited(10_000));
  });
});
