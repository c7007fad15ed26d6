/**
 * Metrics of what the functions log. An error that is handled, such as a post that failed or a message that was stored but
 * not published, shows in no metric of AWS: the log line is the only trace, so its level is counted.
 */
import { Stack, type Duration } from 'aws-cdk-lib/core';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, MetricFilter, type LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** The counted levels, with the metric of each. The functions of a stack share the metric. */
export const countedLevels = { ERROR: 'LoggedErrors', WARN: 'LoggedWarnings' } as const;

type Level = keyof typeof countedLevels;

const namespaceOf = (scope: Construct): string => Stack.of(scope).stackName;

/** Counts the lines of a function's log by level. */
export function countLines(logGroup: LogGroup): void {
  for (const [level, metricName] of Object.entries(countedLevels)) {
    new MetricFilter(logGroup, metricName, {
      logGroup,
      filterPattern: FilterPattern.stringValue('$.level', '=', level),
      metricNamespace: namespaceOf(logGroup),
      metricName,
      metricValue: '1',
    });
  }
}

/** Returns the number of lines that all functions of the stack logged at a level. */
export function loggedLines(scope: Construct, level: Level, period: Duration): Metric {
  return new Metric({
    namespace: namespaceOf(scope),
    metricName: countedLevels[level],
    statistic: Stats.SUM,
    period,
  });
}
