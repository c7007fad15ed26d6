import { describe, expect, it } from 'vitest';
import { evaluateAlarm } from '../../../local/metrics/evaluate-alarm.ts';
import { createMetricStore } from '../../../local/metrics/metric-store.ts';
import type { AlarmDefinition } from '../../../local/stack.ts';

const startMs = 1_000_000_000;
const definition: AlarmDefinition = {
  name: 'Failures',
  description: 'Something fails.',
  metric: { namespace: 'Chat', name: 'Failures', dimensions: {} },
  statistic: 'Sum',
  periodSeconds: 300,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  threshold: 5,
  comparison: 'GreaterThanOrEqualToThreshold',
  missingData: 'notBreaching',
};

/** Returns the state after values at these seconds, evaluated at a second. */
function stateOf(more: Partial<AlarmDefinition>, values: [second: number, value: number][], atSecond = 300) {
  let nowMs = startMs;
  const store = createMetricStore(() => nowMs);
  for (const [second, value] of values) {
    nowMs = startMs + second * 1_000;
    store.series(definition.metric)(value);
  }
  return evaluateAlarm({ ...definition, ...more }, store, startMs + atSecond * 1_000).state;
}

describe('an alarm', () => {
  it('is raised at its threshold, and not below', () => {
    expect(
      stateOf({}, [
        [10, 2],
        [20, 3],
      ]),
    ).toBe('ALARM');
    expect(
      stateOf({}, [
        [10, 2],
        [20, 2],
      ]),
    ).toBe('OK');
  });

  it('ends when the values have left its period', () => {
    expect(stateOf({}, [[10, 9]], 305)).toBe('ALARM');
    expect(stateOf({}, [[10, 9]], 315)).toBe('OK');
  });

  it('over several periods needs as many of them as it says', () => {
    const more = { evaluationPeriods: 3, datapointsToAlarm: 2 };
    expect(stateOf(more, [[10, 5]], 900)).toBe('OK');
    expect(
      stateOf(
        more,
        [
          [10, 5],
          [700, 5],
        ],
        900,
      ),
    ).toBe('ALARM');
    expect(
      stateOf(
        { ...more, datapointsToAlarm: 3 },
        [
          [10, 5],
          [700, 5],
        ],
        900,
      ),
    ).toBe('OK');
  });

  it.each([
    ['GreaterThanThreshold', 5, 'OK'],
    ['GreaterThanThreshold', 6, 'ALARM'],
    ['LessThanThreshold', 4, 'ALARM'],
    ['LessThanThreshold', 5, 'OK'],
    ['LessThanOrEqualToThreshold', 5, 'ALARM'],
  ] as const)('compares by %s: %i is %s', (comparison, value, state) => {
    expect(stateOf({ comparison }, [[10, value]])).toBe(state);
  });

  it.each([
    ['notBreaching', 'OK'],
    ['breaching', 'ALARM'],
    ['missing', 'INSUFFICIENT_DATA'],
    ['ignore', 'INSUFFICIENT_DATA'],
  ] as const)('that treats missing data as %s is %s without data', (missingData, state) => {
    expect(stateOf({ missingData }, [])).toBe(state);
  });
});
