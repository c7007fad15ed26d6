/** A recorder of metrics that tests can read. */
import type { MetricRecorder } from '../../../shared/metrics/metric-recorder.ts';
import type { CounterName, MetricName, ReasonOf } from '../../../shared/metrics/metric-table.ts';

export interface RecordedMetrics extends MetricRecorder {
  /** Returns what was recorded of a metric: the amounts of a counter, or the values of a duration. */
  of(name: MetricName): number[];
}

export function recordedMetrics(): RecordedMetrics {
  const recorded: { name: MetricName; value: number }[] = [];
  function add<N extends CounterName>(name: N, amount: number, ..._reason: ReasonOf<N>): void {
    recorded.push({ name, value: amount });
  }
  return {
    add,
    measure: (name, value) => void recorded.push({ name, value }),
    of: (name) => recorded.filter((one) => one.name === name).map(({ value }) => value),
  };
}
