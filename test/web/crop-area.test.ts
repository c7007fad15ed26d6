import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  largestArea,
  movedArea,
  zoomedArea,
  zoomLimit,
  zoomOf,
  type CropArea,
} from '../../web/account/crop-area.ts';

const wide = { width: 1_600, height: 900 };

describe('the square of a profile picture', () => {
  it('is the largest one in the middle at first', () => {
    expect(largestArea(wide)).toEqual({ left: 350, top: 0, side: 900 });
    expect(zoomOf(wide, largestArea(wide))).toBe(1);
  });

  it('moves by shares of its side, and stays within the image', () => {
    const area = movedArea(wide, largestArea(wide), 0.1, 0.1);
    expect(area).toEqual({ left: 440, top: 0, side: 900 });
    expect(movedArea(wide, area, 9, 0).left).toBe(700);
    expect(movedArea(wide, area, -9, 0).left).toBe(0);
  });

  it('keeps the point in place at which it is zoomed', () => {
    const area = { left: 400, top: 100, side: 450 };
    const zoomed = zoomedArea(wide, area, 4, { x: 0.25, y: 0.75 });
    expect(zoomed.side).toBe(225);
    expect(zoomed.left + 0.25 * zoomed.side).toBeCloseTo(area.left + 0.25 * area.side);
    expect(zoomed.top + 0.75 * zoomed.side).toBeCloseTo(area.top + 0.75 * area.side);
  });

  it('has at least 96 pixels, unless the image has fewer', () => {
    expect(zoomLimit(wide)).toBe(8);
    expect(zoomLimit({ width: 192, height: 500 })).toBe(2);
    expect(zoomedArea({ width: 192, height: 500 }, { left: 0, top: 0, side: 192 }, 100).side).toBe(96);
    expect(zoomLimit({ width: 40, height: 30 })).toBe(1);
    expect(zoomedArea({ width: 40, height: 30 }, { left: 5, top: 0, side: 30 }, 3).side).toBe(30);
  });

  it('stays within the image whatever the user does', () => {
    const side = fc.integer({ min: 1, max: 9_000 });
    const share = fc.double({ min: -2, max: 2, noNaN: true });
    const step = fc.oneof(
      fc.tuple(share, share).map(
        ([right, down]) =>
          (size: typeof wide, area: CropArea) =>
            movedArea(size, area, right, down),
      ),
      fc.tuple(fc.double({ min: 0, max: 20, noNaN: true }), share, share).map(
        ([zoom, x, y]) =>
          (size: typeof wide, area: CropArea) =>
            zoomedArea(size, area, zoom, { x, y }),
      ),
    );
    fc.assert(
      fc.property(side, side, fc.array(step, { maxLength: 12 }), (width, height, steps) => {
        const size = { width, height };
        const area = steps.reduce((before, next) => next(size, before), largestArea(size));
        expect(area.side).toBeGreaterThan(0);
        for (const [start, length] of [
          [area.left, width],
          [area.top, height],
        ] as const) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(start + area.side).toBeLessThanOrEqual(length + 1e-6);
        }
      }),
    );
  });
});
