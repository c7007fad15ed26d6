import { describe, expect, it } from 'vitest';
import { seeded } from './harness/random.ts';
import { killsBeforeEntry, sizes as gapSizes } from './scenarios/no-lasting-gap.ts';
import { killSchedule, sizes } from './scenarios/acknowledged-means-durable.ts';
import { unevenDeliveries } from './scenarios/uneven-deliveries.ts';
import { frameFaults } from './scenarios/one-order.ts';
import { routesFor } from './scenarios/repeated-sends.ts';
import { postFaults } from './scenarios/failing-sockets.ts';

const room = '3b241101-e2bb-4255-8caf-4136c566a962';

const schedules: [string, (seed: number) => unknown][] = [
  ['kills', (seed) => killSchedule(seed, sizes.full)],
  ['kills between seq and entry', (seed) => killsBeforeEntry(seed, room, gapSizes.full)],
  ['uneven deliveries', unevenDeliveries],
  ['frame faults', (seed) => frameFaults(seed, room, { loses: true })],
  ['post faults', (seed) => postFaults(seed, room)],
  [
    'repeats',
    (seed) => {
      const random = seeded(seed);
      return Array.from({ length: 50 }, () => routesFor(random, ['a', 'b', 'c']));
    },
  ],
  [
    'randomness',
    (seed) => {
      const random = seeded(seed, 'client');
      return Array.from({ length: 100 }, () => [random.next(), random.integer(1, 6), random.chance(0.5)]);
    },
  ],
];

describe('a random seed', () => {
  it.each(schedules)(
    'makes the same %s each time, and another random seed makes others',
    (_name, schedule) => {
      expect(schedule(7)).toEqual(schedule(7));
      expect(schedule(7)).not.toEqual(schedule(8));
    },
  );

  it('gives evenly distributed numbers', () => {
    const random = seeded('even');
    const draws = Array.from({ length: 10_000 }, () => random.integer(0, 9));
    for (let value = 0; value < 10; value += 1) {
      const share = draws.filter((draw) => draw === value).length / draws.length;
      expect(share).toBeGreaterThan(0.08);
      expect(share).toBeLessThan(0.12);
    }
  });
});

describe('the kills of functions', () => {
  it('happen before and after every call that is awaited', () => {
    const points = killSchedule(1, sizes.full).map(({ id }) => id);
    expect(new Set(points).size).toBe(points.length);
    for (const phase of ['before', 'after']) {
      for (const nth of [1, 2, 3, 4, 5]) {
        expect(points).toContain(`message-database-${nth}-${phase}`);
        expect(points).toContain(`chat-database-${nth}-${phase}`);
        expect(points).toContain(`tableStream-database-${nth}-${phase}`);
      }
      expect(points).toContain(`message-connections-1-${phase}`);
      expect(points).toContain(`engine-TransactWriteItems-${phase}`);
    }
  });
});
