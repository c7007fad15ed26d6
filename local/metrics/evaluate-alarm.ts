/**
 * Evaluates alarms as CloudWatch does: the last periods that end now, each breaching or not, missing data as the alarm
 * says.
 */
import type { AlarmDefinition } from '../stack.ts';
import type { MetricStore } from './metric-store.ts';

export interface AlarmStatus {
  name: string;
  state: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA';
  /** The values of the evaluated periods, the latest first; undefined for a period without data. */
  values: (number | undefined)[];
  threshold: number;
  description: string;
}

const comparisons: Record<AlarmDefinition['comparison'], (value: number, threshold: number) => boolean> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** Returns the state of an alarm at a time, in milliseconds since the epoch. */
export function evaluateAlarm(alarm: AlarmDefinition, store: MetricStore, nowMs: number): AlarmStatus {
  const { name, metric, statistic, periodSeconds, threshold, description } = alarm;
  const periodMs = periodSeconds * 1_000;
  const values = Array.from({ length: alarm.evaluationPeriods }, (_, index) => {
    const untilMs = nowMs - index * periodMs;
    return store.statistic(metric, statistic, { afterMs: untilMs - periodMs, untilMs });
  });
  return { name, state: stateOf(alarm, values), values, threshold, description };
}

function stateOf(
  { comparison, threshold, datapointsToAlarm, missingData }: AlarmDefinition,
  values: (number | undefined)[],
): AlarmStatus['state'] {
  const isBreaching = (value: number | undefined): boolean =>
    value === undefined ? missingData === 'breaching' : comparisons[comparison](value, threshold);
  if (values.filter(isBreaching).length >= datapointsToAlarm) return 'ALARM';
  const leavesOpen = missingData === 'missing' || missingData === 'ignore';
  return leavesOpen && values.every((value) => value === undefined) ? 'INSUFFICIENT_DATA' : 'OK';
}
