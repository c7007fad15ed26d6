/** The metrics that DynamoDB has of throttled calls. The engine never throttles; only injected faults do. */
import type { MetricStore } from './metric-store.ts';

export interface DatabaseMeter {
  /** Counts a call that is answered with an error; `body` is the JSON text of the answer. */
  failed(operation: string, body: string): void;
}

const throttling = /(ProvisionedThroughputExceeded|Throttling|RequestLimitExceeded)(Exception)?"/;
const reads = new Set(['BatchGetItem', 'GetItem', 'Query', 'Scan', 'TransactGetItems']);

/** Creates the meter of a table. */
export function createDatabaseMeter(tableName: string, store: MetricStore): DatabaseMeter {
  const series = (name: string) =>
    store.series({ namespace: 'AWS/DynamoDB', name, dimensions: { TableName: tableName } });
  const [readThrottles, writeThrottles] = [series('ReadThrottleEvents'), series('WriteThrottleEvents')];
  return {
    failed(operation, body) {
      if (throttling.test(body)) (reads.has(operation) ? readThrottles : writeThrottles)(1);
    },
  };
}
