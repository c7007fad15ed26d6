/** Counts log lines that match the metric filters of the template, as CloudWatch Logs does. */
import { isObject } from '../json-object.ts';
import { StartFailure } from '../start-failure.ts';
import type { LogMetricDefinition } from '../stack.ts';
import type { MetricStore } from './metric-store.ts';

/** Whether a field of a line has a value; a line must satisfy all conditions of a filter. */
interface Condition {
  field: string;
  value: string;
}

/** Stores the metrics that a line of this log group makes. */
export type ObserveLogLine = (logGroup: string, line: string) => void;

/**
 * Compiles the filters.
 * @throws StartFailure for a pattern other than equalities of fields and texts, joined by `&&`
 */
export function compileLogFilters(definitions: LogMetricDefinition[], store: MetricStore): ObserveLogLine {
  const filters = definitions.map(({ logGroup, pattern, value, ...metric }) => ({
    logGroup,
    conditions: conditionsOf(pattern),
    count: () => store.series({ ...metric, dimensions: {} })(value),
  }));
  const groups = new Set(filters.map(({ logGroup }) => logGroup));
  return (logGroup, line) => {
    if (!groups.has(logGroup)) return;
    // A line without the texts cannot match, and most lines are not worth parsing.
    const possible = filters.filter(
      (filter) =>
        filter.logGroup === logGroup && filter.conditions.every(({ value }) => line.includes(`"${value}"`)),
    );
    if (possible.length === 0) return;
    const record = parse(line);
    for (const { conditions, count } of possible) {
      if (conditions.every(({ field, value }) => record[field] === value)) count();
    }
  };
}

function conditionsOf(pattern: string): Condition[] {
  const inner = /^\{\s*(.*?)\s*\}$/.exec(pattern)?.[1] ?? '';
  return inner.split('&&').map((part) => {
    const [, field, value] = /^\s*\(?\s*\$\.(\w+)\s*=\s*"([^"*]*)"\s*\)?\s*$/.exec(part) ?? [];
    if (field === undefined || value === undefined)
      throw new StartFailure(
        `The template uses the metric filter ${pattern}, which the local runtime does not support`,
      );
    return { field, value };
  });
}

function parse(line: string): Record<string, unknown> {
  try {
    const record: unknown = JSON.parse(line);
    return isObject(record) ? record : {};
  } catch {
    // Not every line of a function is JSON; CloudWatch Logs does not match such a line either.
    return {};
  }
}
