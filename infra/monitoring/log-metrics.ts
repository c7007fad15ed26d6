/**
 * Metrics of log lines, for what shows in no other metric: errors that a function handled and logged, such as a message
 * that was stored but not published, and requests that an API throttled.
 */
import { FilterPattern, MetricFilter, type IFilterPattern, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import { logNamespaceOf } from './metric-sources.ts';

/** The counted levels, with the metric of each. The functions of a stack share the metric. */
export const countedLevels = { ERROR: 'LoggedErrors', WARN: 'LoggedWarnings' } as const;

function countLines(logGroup: ILogGroup, metricName: string, filterPattern: IFilterPattern): void {
  new MetricFilter(logGroup, metricName, {
    logGroup,
    filterPattern,
    metricNamespace: logNamespaceOf(logGroup),
    metricName,
    metricValue: '1',
  });
}

/** Counts the lines of a function's log by level. */
export function countLevels(logGroup: ILogGroup): void {
  for (const [level, metricName] of Object.entries(countedLevels)) {
    countLines(logGroup, metricName, FilterPattern.stringValue('$.level', '=', level));
  }
}

/** Counts the requests in an access log that were refused with 429 before any function was called. */
export function countThrottles(
  logGroup: ILogGroup,
  metricName: 'ThrottledHttpRequests' | 'ThrottledSocketRequests',
): void {
  const isThrottled = FilterPattern.stringValue('$.status', '=', '429');
  const reachedNoFunction = FilterPattern.stringValue('$.integrationStatus', '=', '-');
  countLines(logGroup, metricName, FilterPattern.all(isThrottled, reachedNoFunction));
}
