/** Serves and clears the metrics of the run at `/_local/metrics`, and serves the states of its alarms at `/_local/alarms`. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AlarmStatus } from './evaluate-alarm.ts';
import type { MetricStore } from './metric-store.ts';

const windowSeconds = 300;
const statistics = ['SampleCount', 'Sum', 'Average', 'Maximum', 'p99'];

/** Creates a handler of requests; it returns false for all other paths and methods. */
export function createMetricsApi(store: MetricStore, alarms: (atMs?: number) => AlarmStatus[]) {
  /** The statistics of the last five minutes, without the metrics that have no value in them. */
  function metrics(): object[] {
    const untilMs = Date.now();
    const period = { afterMs: untilMs - windowSeconds * 1_000, untilMs };
    return store.identities().flatMap((identity) => {
      if (store.statistic(identity, 'SampleCount', period) === undefined) return [];
      const values = statistics.map((name) => [name, store.statistic(identity, name, period)] as const);
      return [{ ...identity, ...Object.fromEntries(values) }];
    });
  }

  const documents: Record<string, (atMs?: number) => object> = {
    '/_local/metrics': () => ({ windowSeconds, metrics: metrics() }),
    '/_local/alarms': (atMs) => ({ alarms: alarms(atMs) }),
  };

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://local');
    const path = pathname.replace(/\/$/, '');
    if (path === '/_local/metrics' && request.method === 'DELETE') {
      store.clear();
      response.writeHead(204).end();
      return true;
    }
    const document = documents[path];
    if (document === undefined || request.method !== 'GET') return false;
    const at = searchParams.get('at');
    const atMs = at === null ? undefined : Date.parse(at);
    const isTime = !Number.isNaN(atMs);
    response.writeHead(isTime ? 200 : 400, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isTime ? document(atMs) : { error: `"${at}" is not a time` }));
    return true;
  };
}
