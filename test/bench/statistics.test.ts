import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, percentile, rounded } from './statistics.ts';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 });

describe('a percentile', () => {
  it('is the smallest value that the given share of the values does not exceed', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 100 }), (all, percent) => {
        const found = percentile(all, percent);
        const share = (limit: (value: number) => boolean) => all.filter(limit).length / all.length;
        expect(all).toContain(found);
        expect(share((value) => value <= found)).toBeGreaterThanOrEqual(percent / 100);
        expect(share((value) => value < found)).toBeLessThan(percent / 100);
      }),
    );
  });

  it('is the 99th of a hundred values, and does not reorder them', () => {
    const all = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([50, 95, 99, 100].map((percent) => percentile(all, percent))).toEqual([50, 95, 99, 100]);
    expect(all[0]).toBe(100);
  });

  it('is NaN without values', () => {
    expect(percentile([], 99)).toBeNaN();
    expect(median([])).toBeNaN();
  });
});

describe('a median', () => {
  it('is the middle value, or the mean of the middle two', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 7])).toBe(6);
  });
});

describe('rounding', () => {
  it('keeps the given number of digits', () => {
    expect([rounded(1.25), rounded(1.256, 2)]).toEqual([1, 1.26]);
  });
});
