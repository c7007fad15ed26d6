/** The port through which code counts what it does, and the names under which CloudWatch has the counts. */
import type { CounterName, DurationName, ReasonOf } from './metric-table.ts';

export const metricNamespace = 'ServerlessChat';

/** Every metric has this dimension, since an account may have several stages. */
export const stageDimension = 'Stage';

/** The second dimension of the metrics whose rows have reasons. */
export const reasonDimension = 'Reason';

export interface MetricRecorder {
  /** Adds to a counter; a metric whose row has reasons also needs one of them. */
  add<N extends CounterName>(name: N, amount: number, ...reason: ReasonOf<N>): void;
  /** Records one duration in milliseconds. */
  measure(name: DurationName, milliseconds: number): void;
}
