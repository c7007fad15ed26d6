/** Runs the schedules of many seeds on one runtime, and reports what fails as its shortest schedule. */

import type { FaultyRuntime } from '../harness/runtime.ts';
import { findViolations, type Invariant, type Violation } from './check.ts';
import { runSchedule } from './run.ts';
import { createSchedule, describeSchedule, type Schedule } from './schedule.ts';
import { shrink } from './shrink.ts';
import type { Breakage } from './tab.ts';

export interface ExploreOptions {
  runtime: FaultyRuntime;
  firstSeed: number;
  runs: number;
  /** Steps of each schedule. */
  length: number;
  atOnce: number;
  /** Made anew for each tab of each run. */
  breakage?: (() => Breakage) | undefined;
}

export interface Failure {
  schedule: Schedule;
  violations: readonly Violation[];
}

/** What the runtime of these runs is started with: heartbeats and new tokens often, since clients live fast. */
export const clientModelSettings = {
  environment: { HEARTBEAT_SECONDS: '10', ACCESS_TOKEN_LIFETIME_MINUTES: '1' },
};

export async function explore({
  runtime,
  firstSeed,
  runs,
  length,
  atOnce,
  breakage,
}: ExploreOptions): Promise<Failure[]> {
  const failures: Failure[] = [];
  let next = firstSeed;
  const lane = async (): Promise<void> => {
    while (next < firstSeed + runs) {
      const schedule = createSchedule(next, length);
      next += 1;
      const violations = findViolations(await runSchedule({ runtime, schedule, breakage }));
      if (violations.length > 0) failures.push({ schedule, violations });
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, runs) }, lane));
  return failures.sort((a, b) => a.schedule.seed - b.schedule.seed);
}

/** What failed, with the steps that are needed for it. Fewer are left the larger the budget. */
export async function reportFailure(
  runtime: FaultyRuntime,
  { schedule, violations }: Failure,
  budgetMs: number,
): Promise<string> {
  const invariants = new Set<Invariant>(violations.map(({ invariant }) => invariant));
  let latest = violations;
  const shortest = await shrink(schedule, {
    budgetMs,
    async fails(candidate) {
      const found = findViolations(await runSchedule({ runtime, schedule: candidate }));
      const isSame = found.some(({ invariant }) => invariants.has(invariant));
      if (isSame) latest = found;
      return isSame;
    },
  });
  return `${describeViolations(latest)}\n${describeSchedule(shortest)}`;
}

/** The first few of each kind: where everything fails, the rest says nothing new. */
function describeViolations(violations: readonly Violation[]): string {
  const kinds = [...new Set(violations.map(({ invariant }) => invariant))];
  return kinds
    .flatMap((kind) => {
      const details = violations.filter(({ invariant }) => invariant === kind).map(({ detail }) => detail);
      const more = details.length > 3 ? [`  … and ${details.length - 3} more`] : [];
      return [`${kind}:`, ...details.slice(0, 3).map((detail) => `  ${detail}`), ...more];
    })
    .join('\n');
}
