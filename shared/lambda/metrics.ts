/**
 * Writes what one invocation counted as one line in CloudWatch's embedded metric format. A line costs what a log line
 * costs, so an invocation that counted nothing writes none.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import {
  metricNamespace,
  reasonDimension,
  stageDimension,
  type MetricRecorder,
} from '../metrics/metric-recorder.ts';

/** The most values of one metric that a line may have. */
const maxValues = 100;

/** The metrics of one line: a sum, or the values of a duration. All of them have the same reason, if any. */
interface Line {
  reason: string | undefined;
  values: Map<string, number | number[]>;
}

export interface MetricLines extends MetricRecorder {
  /** Writes what was recorded since the last call. */
  flush(): void;
}

export interface MetricLinesOptions {
  stage: string;
  /** Writes one line, without its end. */
  write: (line: string) => void;
  now: () => number;
}

/** Creates a recorder that keeps its metrics until they are flushed. */
export function metricLines({ stage, write, now }: MetricLinesOptions): MetricLines {
  const lines = new Map<string | undefined, Line>();

  function lineOf(reason: string | undefined): Line {
    const line = lines.get(reason) ?? { reason, values: new Map() };
    lines.set(reason, line);
    return line;
  }

  function flush(): void {
    for (const line of lines.values()) write(JSON.stringify(documentOf(line)));
    lines.clear();
  }

  function documentOf({ reason, values }: Line): object {
    const metrics = [...values].map(([Name, value]) => ({
      Name,
      Unit: Array.isArray(value) ? 'Milliseconds' : 'Count',
    }));
    const inAll = [stageDimension];
    const dimensions = reason === undefined ? [inAll] : [inAll, [stageDimension, reasonDimension]];
    return {
      _aws: {
        Timestamp: now(),
        CloudWatchMetrics: [{ Namespace: metricNamespace, Dimensions: dimensions, Metrics: metrics }],
      },
      [stageDimension]: stage,
      [reasonDimension]: reason,
      ...Object.fromEntries(values),
    };
  }

  return {
    add(name, amount, ...reasons) {
      const [reason]: readonly (string | undefined)[] = reasons;
      const { values } = lineOf(reason);
      values.set(name, Number(values.get(name) ?? 0) + amount);
    },
    measure(name, milliseconds) {
      const { values } = lineOf(undefined);
      const earlier = values.get(name);
      const measured = Array.isArray(earlier) ? earlier : [];
      measured.push(Math.round(milliseconds));
      values.set(name, measured);
      if (measured.length === maxValues) flush();
    },
    flush,
  };
}

/** Standard output is written directly, since Lambda's `console` would wrap the line. */
const lines = metricLines({
  stage: process.env['STAGE'] ?? '',
  write: (line) => void process.stdout.write(`${line}\n`),
  now: () => Date.now(),
});

/** The metrics of the invocation that is running. */
export const metrics: MetricRecorder = lines;

/** Returns the handler, which writes its metrics before an invocation ends, also when it fails. */
export function withMetrics<Arguments extends unknown[], Result>(
  handle: (...input: Arguments) => Promise<Result>,
): (...input: Arguments) => Promise<Result> {
  return async (...input) => {
    try {
      return await handle(...input);
    } finally {
      lines.flush();
    }
  };
}
