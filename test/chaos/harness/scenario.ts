/** The shape of a scenario: it tests one promise for a random seed and a size. */

import type { ModuleReplacement } from './replaced-modules.ts';
import type { FaultyRuntime, RuntimeSettings } from './runtime.ts';

export const sizeNames = ['short', 'middle', 'full'] as const;
export type SizeName = (typeof sizeNames)[number];

/** The counts of one run. */
export interface Counts {
  /** How much was done: sent, acknowledged, killed, dropped. A run in which these are zero proves nothing. */
  done: Record<string, number>;
  /** What must not happen, such as `lost`, `doubled` or `missed`. All of these must be zero. */
  wrong: Record<string, number>;
}

export interface ScenarioRun<Size> {
  /** The random seed. All load must derive from it, so that the same seed makes the same schedule. */
  seed: number;
  size: Size;
  /** A runtime without fault rules. A scenario creates its own users and rooms. */
  runtime: FaultyRuntime;
  log: (line: string) => void;
}

export interface Scenario<Size = unknown> {
  /** The promise, for example "acknowledged means durable". */
  name: string;
  sizes: Record<SizeName, Size>;
  /** Settings of the runtime that only this scenario needs. */
  settings?: RuntimeSettings;
  /** Modules without which the situation cannot arise in the time that a test has. */
  replacements?: readonly ModuleReplacement[];
  /** Ends by itself, after a bounded number of steps and a bounded time. */
  run(run: ScenarioRun<Size>): Promise<Counts>;
}

/**
 * Returns a count by its name.
 * @throws Error when the scenario reports no count of that name, since a missing count must not pass for zero or for more
 */
export function countOf(counts: Record<string, number>, name: string): number {
  const count = counts[name];
  if (count === undefined)
    throw new Error(`There is no count "${name}" among ${Object.keys(counts).join(', ')}`);
  return count;
}

/**
 * Returns whether a defect shows in that count of `wrong`.
 * @throws Error as `countOf`
 */
export function isShown({ wrong }: Counts, name: string): boolean {
  return countOf(wrong, name) > 0;
}

/** Returns the names of the counts that should be zero and are not. */
export function findWrong({ wrong }: Counts): string[] {
  return Object.keys(wrong).filter((name) => wrong[name] !== 0);
}

/** Adds up the counts of several parts of a scenario. */
export function addCounts(all: readonly Counts[]): Counts {
  const sum: Counts = { done: {}, wrong: {} };
  for (const { done, wrong } of all) {
    for (const [name, count] of Object.entries(done)) sum.done[name] = (sum.done[name] ?? 0) + count;
    for (const [name, count] of Object.entries(wrong)) sum.wrong[name] = (sum.wrong[name] ?? 0) + count;
  }
  return sum;
}
