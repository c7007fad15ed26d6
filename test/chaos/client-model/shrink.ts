/** Leaves steps out of a schedule that fails, for as long as what is left still fails. */

import type { Schedule, Step } from './schedule.ts';

export interface ShrinkOptions {
  /** Whether the schedule still fails in the same way. */
  fails: (schedule: Schedule) => Promise<boolean>;
  /** Real milliseconds after which the shortest one found so far is given. */
  budgetMs: number;
  /** Schedules tried side by side. */
  atOnce?: number;
}

/** Delta debugging: halves first, then ever smaller pieces down to single steps. */
export async function shrink(
  schedule: Schedule,
  { fails, budgetMs, atOnce = 3 }: ShrinkOptions,
): Promise<Schedule> {
  const until = Date.now() + budgetMs;
  let { steps } = schedule;
  let size = Math.ceil(steps.length / 2);
  while (size >= 1 && Date.now() < until) {
    const shorter = await firstThatFails(withoutEach(steps, size));
    if (shorter !== undefined) steps = shorter;
    else if (size === 1) break;
    size = Math.min(Math.max(1, shorter === undefined ? Math.floor(size / 2) : size), steps.length);
  }
  return { ...schedule, steps };

  async function firstThatFails(candidates: (readonly Step[])[]): Promise<readonly Step[] | undefined> {
    for (let at = 0; at < candidates.length && Date.now() < until; at += atOnce) {
      const some = candidates.slice(at, at + atOnce);
      const failing = await Promise.all(some.map((candidate) => fails({ ...schedule, steps: candidate })));
      const found = some[failing.indexOf(true)];
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** The steps without their first `size`, without the next, and so on. */
function withoutEach(steps: readonly Step[], size: number): (readonly Step[])[] {
  const pieces = Math.ceil(steps.length / size);
  return Array.from({ length: pieces }, (_, piece) => [
    ...steps.slice(0, piece * size),
    ...steps.slice((piece + 1) * size),
  ]);
}
