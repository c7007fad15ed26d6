import { describe, expect, it } from 'vitest';
import { createMetricStore, type MetricIdentity } from '../../../local/metrics/metric-store.ts';

const posts: MetricIdentity = { namespace: 'Chat', name: 'Posts', dimensions: { Stage: 'prod', Kind: 'a' } };

function openStore() {
  let nowMs = 1_000_000;
  const store = createMetricStore(() => nowMs);
  const last = (seconds: number, statistic: string) =>
    store.statistic(posts, statistic, { afterMs: nowMs - seconds * 1_000, untilMs: nowMs });
  return { store, last, pass: (ms: number) => (nowMs += ms) };
}

describe('the metrics of a run', () => {
  it('have the statistics of CloudWatch over a period', () => {
    const { store, last } = openStore();
    for (let value = 1; value <= 100; value += 1) store.series(posts)(value);
    const names = ['Sum', 'SampleCount', 'Average', 'Minimum', 'Maximum', 'p50', 'p99', 'p99.9'];
    expect(names.map((name) => last(60, name))).toEqual([5_050, 100, 50.5, 1, 100, 50, 99, 100]);
  });

  it('have no statistic over a period without values', () => {
    const { store, last, pass } = openStore();
    expect(last(60, 'Sum')).toBeUndefined();
    store.series(posts)(1);
    pass(61_000);
    expect(last(60, 'Sum')).toBeUndefined();
    expect(last(120, 'Sum')).toBe(1);
  });

  it('are forgotten after an hour', () => {
    const { store, last, pass } = openStore();
    store.series(posts)(1);
    pass(3_700_000);
    store.series(posts)(2);
    expect(last(7_200, 'Sum')).toBe(2);
  });

  it('are the same metric whatever the order of its dimensions, and another one with other values', () => {
    const { store, last } = openStore();
    store.series({ ...posts, dimensions: { Kind: 'a', Stage: 'prod' } })(3);
    store.series({ ...posts, dimensions: { Kind: 'b', Stage: 'prod' } })(4);
    expect(last(60, 'Sum')).toBe(3);
    expect(store.identities()).toHaveLength(2);
  });

  it('refuse a statistic that they do not have', () => {
    const { store, last } = openStore();
    store.series(posts)(1);
    expect(() => last(60, 'tm99')).toThrow('the statistic tm99');
  });
});
