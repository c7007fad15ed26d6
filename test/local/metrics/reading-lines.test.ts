import { describe, expect, it } from 'vitest';
import { isEmbeddedMetrics, storeEmbeddedMetrics } from '../../../local/metrics/embedded-format.ts';
import { compileLogFilters } from '../../../local/metrics/log-filter.ts';
import { createMetricStore, type MetricIdentity } from '../../../local/metrics/metric-store.ts';

function openStore() {
  const store = createMetricStore();
  const sum = (identity: MetricIdentity) =>
    store.statistic(identity, 'Sum', { afterMs: Date.now() - 60_000, untilMs: Date.now() });
  return { store, sum };
}

describe('a line in the embedded metric format', () => {
  it('stores each metric once for each set of dimensions', () => {
    const { store, sum } = openStore();
    const line = JSON.stringify({
      _aws: {
        Timestamp: 1,
        CloudWatchMetrics: [
          {
            Namespace: 'Chat',
            Dimensions: [['Stage'], ['Stage', 'Reason']],
            Metrics: [{ Name: 'Refused', Unit: 'Count' }, { Name: 'Time' }],
          },
        ],
      },
      Stage: 'prod',
      Reason: 'forbidden',
      Refused: 2,
      Time: [10, 30],
    });
    expect(isEmbeddedMetrics(line)).toBe(true);
    storeEmbeddedMetrics(line, store);
    const of = (name: string, dimensions: Record<string, string>) => ({
      namespace: 'Chat',
      name,
      dimensions,
    });
    expect(sum(of('Refused', { Stage: 'prod' }))).toBe(2);
    expect(sum(of('Refused', { Stage: 'prod', Reason: 'forbidden' }))).toBe(2);
    expect(sum(of('Time', { Stage: 'prod' }))).toBe(40);
    expect(sum(of('Refused', {}))).toBeUndefined();
  });
});

describe('a metric filter', () => {
  const definition = { logGroup: 'access', namespace: 'Stack', name: 'Throttled', value: 1 };
  const throttled = '{ ($.status = "429") && ($.integrationStatus = "-") }';

  it.each([
    [{ status: '429', integrationStatus: '-' }, 1],
    [{ status: '429', integrationStatus: '429' }, undefined],
    [{ status: '200', integrationStatus: '-', note: '429' }, undefined],
  ])('counts the line %j', (line, expected) => {
    const { store, sum } = openStore();
    compileLogFilters([{ ...definition, pattern: throttled }], store)('access', JSON.stringify(line));
    expect(sum({ namespace: 'Stack', name: 'Throttled', dimensions: {} })).toBe(expected);
  });

  it('does not count the lines of other log groups, nor lines that are not JSON', () => {
    const { store, sum } = openStore();
    const observe = compileLogFilters([{ ...definition, pattern: throttled }], store);
    observe('another', '{"status":"429","integrationStatus":"-"}');
    observe('access', 'status "429" and "-"');
    expect(sum({ namespace: 'Stack', name: 'Throttled', dimensions: {} })).toBeUndefined();
  });

  it('is refused at the start when the runtime cannot evaluate its pattern', () => {
    const { store } = openStore();
    for (const pattern of [
      'ERROR',
      '{ $.status = 429 }',
      '{ $.status = "4*" }',
      '{ $.a = "1" || $.b = "2" }',
    ])
      expect(() => compileLogFilters([{ ...definition, pattern }], store)).toThrow(
        `the metric filter ${pattern}`,
      );
  });
});
