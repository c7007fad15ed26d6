/**
 * Reads metrics from lines in CloudWatch's embedded metric format.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import type { MetricStore } from './metric-store.ts';

interface Directive {
  Namespace: string;
  Dimensions: string[][];
  Metrics: { Name: string }[];
}

interface EmbeddedLine extends Record<string, unknown> {
  _aws: { CloudWatchMetrics: Directive[] };
}

/** Whether a line of a function's output is in the format. */
export const isEmbeddedMetrics = (line: string): boolean => line.startsWith('{"_aws":');

/** Stores the metrics of a line: each of them once for each set of dimensions. */
export function storeEmbeddedMetrics(line: string, store: MetricStore): void {
  const root: EmbeddedLine = JSON.parse(line);
  // oxlint-disable-next-line no-underscore-dangle -- the name of the format
  for (const { Namespace: namespace, Dimensions, Metrics } of root._aws.CloudWatchMetrics) {
    for (const names of Dimensions) {
      const dimensions = Object.fromEntries(names.map((name) => [name, String(root[name])]));
      for (const { Name: name } of Metrics) {
        const put = store.series({ namespace, name, dimensions });
        for (const value of [root[name]].flat()) if (typeof value === 'number') put(value);
      }
    }
  }
}
