/** Schedules and their shortening, without a client. */

import { describe, expect, it } from 'vitest';
import { createSchedule, type Schedule, type Step } from './schedule.ts';
import { shrink } from './shrink.ts';

describe('a schedule', () => {
  it('is the same for the same seed', () => {
    expect(createSchedule(3, 60)).toEqual(createSchedule(3, 60));
    expect(createSchedule(3, 60)).not.toEqual(createSchedule(4, 60));
  });

  it('contains every kind of step in some seed', () => {
    const seeds = Array.from({ length: 60 }, (_, seed) => createSchedule(seed, 60));
    const kinds = new Set(seeds.flatMap(({ steps }) => steps.map(({ kind }) => kind)));
    expect(kinds.size).toBe(20);
  });
});

describe('shrinking', () => {
  const steps = Array.from({ length: 40 }, (_, tab): Step => ({ kind: 'reload', tab, pauseMs: 0 }));
  const schedule: Schedule = { seed: 1, maxLatencyMs: 5, steps };
  const tabsOf = (shrunk: Schedule): number[] =>
    shrunk.steps.flatMap((step) => (step.kind === 'reload' ? step.tab : []));

  it('keeps the steps that are needed for the failure, in their order', async () => {
    const needed = [3, 17, 18, 39];
    const shrunk = await shrink(schedule, {
      budgetMs: 10_000,
      fails: async (candidate) => needed.every((tab) => tabsOf(candidate).includes(tab)),
    });
    expect(tabsOf(shrunk)).toEqual(needed);
  });

  it('keeps all steps when no shorter schedule fails', async () => {
    const shrunk = await shrink(schedule, { budgetMs: 10_000, fails: async () => false });
    expect(shrunk.steps).toEqual(steps);
  });

  it('ends when its budget is used up', async () => {
    const shrunk = await shrink(schedule, { budgetMs: 0, fails: async () => true });
    expect(shrunk.steps).toEqual(steps);
  });
});
