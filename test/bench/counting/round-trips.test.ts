import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundTrips } from './round-trips.ts';

const at = (start: number, end: number) => ({ start, end });

/** Tries every chain, which is possible for a few requests only. */
function maxChain(requests: { start: number; end: number }[], from = Number.NEGATIVE_INFINITY): number {
  const next = requests.filter(({ start }) => start >= from);
  return Math.max(
    0,
    ...next.map(
      (one) =>
        1 +
        maxChain(
          requests.filter((other) => other !== one),
          one.end,
        ),
    ),
  );
}

describe('round trips', () => {
  it('count the requests that waited for the one before', () => {
    expect(roundTrips([at(0, 1), at(1, 2), at(2.5, 3)])).toBe(3);
  });

  it('count concurrent requests once', () => {
    expect(roundTrips([at(0, 10), at(0, 11), at(1, 9)])).toBe(1);
    expect(roundTrips([at(0, 1), at(1, 5), at(1, 2), at(2, 3), at(5, 6)])).toBe(4);
  });

  it('are zero without requests', () => {
    expect(roundTrips([])).toBe(0);
  });

  it('equal the length of the longest chain', () => {
    const request = fc
      .record({ start: fc.integer({ min: 0, max: 20 }), length: fc.integer({ min: 1, max: 8 }) })
      .map(({ start, length }) => at(start, start + length));
    fc.assert(
      fc.property(fc.array(request, { maxLength: 7 }), (requests) => {
        expect(roundTrips(requests)).toBe(maxChain(requests));
      }),
    );
  });
});
