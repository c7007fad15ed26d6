/** Runs the schedules of many random seeds on one runtime, and reports failures with the shortest schedule found. */

import type { FaultyRuntime } from '../harness/runtime.ts';
import { findViolations } from './check.ts';
import type { Invariant, Violation } from './violation.ts';
import { runSchedule } from './run.ts';
import { createSchedule, describeSchedule, type Schedule } from './schedule.ts';
import { shrink } from './shrink.ts';
import type { Breakage } from './tab.ts';

export interface ExploreOptions {
  runtime: FaultyRuntime;
  firstSeed: number;
  runs: number;
  /** The number of steps of each schedule. */
  length: number;
  /** The number of schedules run at the same time. */
  atOnce: number;
  /** Called for each tab of each run. */
  breakage?: (() => Breakage) | undefined;
  /** Whether the tabs of a device share a socket; by default false. */
  sharesConnection?: boolean;
}

export interface Failure {
  schedule: Schedule;
  violations: readonly Violation[];
  sharesConnection: boolean | undefined;
}

/** The settings of the runtime: short heartbeats and token lifetimes, since the clients' clock runs fast. */
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
  sharesConnection,
}: ExploreOptions): Promise<Failure[]> {
  const failures: Failure[] = [];
  let next = firstSeed;
  const lane = async (): Promise<void> => {
    while (next < firstSeed + runs) {
      const schedule = createSchedule(next, length);
      next += 1;
      const violations = findViolations(await runSchedule({ runtime, schedule, breakage, sharesConnection }));
      if (violations.length > 0) failures.push({ schedule, violations, sharesConnection });
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, runs) }, lane));
  return failures.sort((a, b) => a.schedule.seed - b.schedule.seed);
}

/** Describes a failure with the steps that are needed for it. A larger budget leaves fewer steps. */
export async function reportFailure(
  runtime: FaultyRuntime,
  { schedule, violations, sharesConnection }: Failure,
  budgetMs: number,
): Promise<string> {
  const invariants = new Set<Invariant>(violations.map(({ invariant }) => invariant));
  let latest = violations;
  const shortest = await shrink(schedule, {
    budgetMs,
    async fails(candidate) {
      const found = findViolations(await runSchedule({ runtime, schedule: candidate, sharesConnection }));
      const isSame = found.some(({ invariant }) => invariants.has(invariant));
      if (isSame) latest = found;
      return isSame;
    },
  });
  return `${describeViolations(latest)}\n${describeSchedule(shortest)}`;
}

/** Lists the first three violations of each kind. */
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
