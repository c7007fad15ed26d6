/** The metrics of a local run: what AWS would measure, what the functions write, and the alarms of the template. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GatewayMeter } from '../gateway/gateway-meter.ts';
import type { LocalStack } from '../stack.ts';
import { createDatabaseMeter, type DatabaseMeter } from './database-meter.ts';
import { isEmbeddedMetrics, storeEmbeddedMetrics } from './embedded-format.ts';
import { evaluateAlarm, type AlarmStatus } from './evaluate-alarm.ts';
import { createGatewayMetrics } from './gateway-metrics.ts';
import { createInvocationMeter, type InvocationMeter } from './invocation-meter.ts';
import { compileLogFilters } from './log-filter.ts';
import { createMetricStore, type MetricStore } from './metric-store.ts';
import { createMetricsApi } from './metrics-api.ts';

export interface LocalMetrics {
  store: MetricStore;
  invocations: InvocationMeter;
  gateway: GatewayMeter;
  database: DatabaseMeter;
  /** Reads metrics from a line of a function's output. */
  observeOutput(functionName: string, line: string): void;
  /** Returns the states of all alarms, at a time in milliseconds since the epoch; now by default. */
  alarms(atMs?: number): AlarmStatus[];
  /** Serves a request to the metrics or the alarms; returns false for other requests. */
  serve(request: IncomingMessage, response: ServerResponse): boolean;
}

/**
 * Creates the metrics of a run, without values.
 * @throws StartFailure when the template has a metric filter that is not supported
 */
export function createLocalMetrics(stack: LocalStack): LocalMetrics {
  const store = createMetricStore();
  const observeLogLine = compileLogFilters(stack.logMetrics, store);
  const logGroups = new Map(stack.functions.map(({ functionName, logGroup }) => [functionName, logGroup]));
  const alarms = (atMs = Date.now()): AlarmStatus[] =>
    stack.alarms.map((alarm) => evaluateAlarm(alarm, store, atMs));
  return {
    store,
    invocations: createInvocationMeter(stack.functions, stack.queues, store),
    gateway: createGatewayMetrics(stack, store, observeLogLine),
    database: createDatabaseMeter(stack.table.tableName, store),
    observeOutput(functionName, line) {
      if (isEmbeddedMetrics(line)) storeEmbeddedMetrics(line, store);
      else observeLogLine(logGroups.get(functionName) ?? '', line);
    },
    alarms,
    serve: createMetricsApi(store, alarms),
  };
}
