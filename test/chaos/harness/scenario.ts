/** What a scenario is: one promise, put to the test for a seed and a size. It knows no scenario of them. */

import type { ModuleReplacement } from './replaced-modules.ts';
import type { FaultyRuntime, RuntimeSettings } from './runtime.ts';

export const sizeNames = ['short', 'middle', 'full'] as const;
export type SizeName = (typeof sizeNames)[number];

/** What a run counted. */
export interface Counts {
  /** How much was done, to be read: what was sent, acknowledged, killed, dropped. Zero of it proves nothing. */
  done: Record<string, number>;
  /** What must not happen, each by its name: lost, doubled, outOfOrder, unfilled, missed. All must be zero. */
  wrong: Record<string, number>;
}

export interface ScenarioRun<Size> {
  /** Any load must derive from it: the same seed makes the same schedule. */
  seed: number;
  size: Size;
  /** A runtime without rules. Rooms and users are the scenario's own; it leaves no rules behind. */
  runtime: FaultyRuntime;
  log: (line: string) => void;
}

export interface Scenario<Size = unknown> {
  /** The promise, as in "acknowledged means durable". */
  name: string;
  sizes: Record<SizeName, Size>;
  /** Settings of the runtime that it needs, beyond those that all have. */
  settings?: RuntimeSettings;
  /** Modules without which the situation cannot arise in the time that a test has. */
  replacements?: readonly ModuleReplacement[];
  /** Ends by itself, bounded in count and time. */
  run(run: ScenarioRun<Size>): Promise<Counts>;
}

/** Names of the counts that must be zero and are not. */
export function findWrong({ wrong }: Counts): string[] {
  return Object.keys(wrong).filter((name) => wrong[name] !== 0);
}

/** Counts of several parts of one scenario, added up. */
export function addCounts(all: readonly Counts[]): Counts {
  const sum: Counts = { done: {}, wrong: {} };
  for (const { done, wrong } of all) {
    for (const [name, count] of Object.entries(done)) sum.done[name] = (sum.done[name] ?? 0) + count;
    for (const [name, count] of Object.entries(wrong)) sum.wrong[name] = (sum.wrong[name] ?? 0) + count;
  }
  return sum;
}
