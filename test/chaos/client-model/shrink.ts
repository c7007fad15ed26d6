/** Shortens a failing schedule as long as it still fails. */

import type { Schedule, Step } from './schedule.ts';

export interface ShrinkOptions {
  /** Resolves to whether the schedule still fails in the same way. */
  fails: (schedule: Schedule) => Promise<boolean>;
  /** Real milliseconds after which the shortest schedule found so far is returned. */
  budgetMs: number;
  /** The number of schedules tried at the same time. */
  atOnce?: number;
}

/** Delta debugging: leaves out halves first, then smaller and smaller pieces down to single steps. */
export async function shrink(
  schedule: Schedule,
  { fails, budgetMs, atOnce = 3 }: ShrinkOptions,
): Promise<Schedule> {
  const deadlineMs = Date.now() + budgetMs;
  let { steps } = schedule;
  let size = Math.ceil(steps.length / 2);
  while (size >= 1 && Date.now() < deadlineMs) {
    const shorter = await firstThatFails(withoutEach(steps, size));
    if (shorter !== undefined) steps = shorter;
    else if (size === 1) break;
    size = Math.min(Math.max(1, shorter === undefined ? Math.floor(size / 2) : size), steps.length);
  }
  return { ...schedule, steps };

  async function firstThatFails(candidates: (readonly Step[])[]): Promise<readonly Step[] | undefined> {
    for (let index = 0; index < candidates.length && Date.now() < deadlineMs; index += atOnce) {
      const some = candidates.slice(index, index + atOnce);
      const failing = await Promise.all(some.map((candidate) => fails({ ...schedule, steps: candidate })));
      const found = some[failing.indexOf(true)];
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** Returns the steps without their first `size` steps, without the next ones, and so on. */
function withoutEach(steps: readonly Step[], size: number): (readonly Step[])[] {
  const pieces = Math.ceil(steps.length / size);
  return Array.from({ length: pieces }, (_, piece) => [
    ...steps.slice(0, piece * size),
    ...steps.slice((piece + 1) * size),
  ]);
}
