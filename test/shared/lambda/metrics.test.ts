import { describe, expect, it, vi } from 'vitest';
import { metricRows } from '../../../shared/metrics/metric-table.ts';
import { metricLines, withMetrics } from '../../../shared/lambda/metrics.ts';

/** Returns a recorder, and the lines that it has written as objects. */
function openLines() {
  const written: any[] = [];
  const lines = metricLines({
    stage: 'prod',
    write: (line) => {
      expect(line).not.toContain('\n');
      written.push(JSON.parse(line));
    },
    now: () => 1_700_000_000_000,
  });
  return { lines, written };
}

describe('the metrics of an invocation', () => {
  it('are one line in the embedded metric format, with sums of counters and all values of durations', () => {
    const { lines, written } = openLines();
    lines.add('PostsSent', 1);
    lines.add('PostsSent', 2);
    lines.measure('FanOutTime', 12.4);
    lines.measure('FanOutTime', 30);
    lines.flush();
    expect(written).toEqual([
      {
        _aws: {
          Timestamp: 1_700_000_000_000,
          CloudWatchMetrics: [
            {
              Namespace: 'ServerlessChat',
              Dimensions: [['Stage']],
              Metrics: [
                { Name: 'PostsSent', Unit: 'Count' },
                { Name: 'FanOutTime', Unit: 'Milliseconds' },
              ],
            },
          ],
        },
        Stage: 'prod',
        PostsSent: 3,
        FanOutTime: [12, 30],
      },
    ]);
  });

  it('are not written when nothing was counted, and only once', () => {
    const { lines, written } = openLines();
    lines.flush();
    lines.add('PostsGone', 1);
    lines.flush();
    lines.flush();
    expect(written).toHaveLength(1);
  });

  it('with a reason are a line for each reason, and count in all and by the reason', () => {
    const { lines, written } = openLines();
    lines.add('PostsSent', 1);
    lines.add('HandshakesRefused', 1, 'forbidden');
    lines.add('HandshakesRefused', 1, 'unauthorized');
    lines.flush();
    expect(written).toMatchObject([
      { Stage: 'prod', PostsSent: 1 },
      { Stage: 'prod', Reason: 'forbidden', HandshakesRefused: 1 },
      { Stage: 'prod', Reason: 'unauthorized', HandshakesRefused: 1 },
    ]);
    expect(written[0]).not.toHaveProperty('Reason');
    const directive = { Dimensions: [['Stage'], ['Stage', 'Reason']] };
    expect(written[1]).toMatchObject({ ['_aws']: { CloudWatchMetrics: [directive] } });
  });

  it('have at most a hundred values of one metric in a line, and lose none', () => {
    const { lines, written } = openLines();
    for (let value = 0; value < 250; value += 1) lines.measure('FanOutTime', value);
    lines.flush();
    expect(written.map(({ FanOutTime }) => FanOutTime.length)).toEqual([100, 100, 50]);
  });
});

describe('a row of the metrics', () => {
  it.each(metricRows)('%s has the unit that its line has', (name, { unit, reasons = [] }) => {
    const { lines, written } = openLines();
    if (unit === 'Count') lines.add(name as 'HandshakesRefused', 1, reasons[0] as 'forbidden');
    else lines.measure(name as 'FanOutTime', 1);
    lines.flush();
    const directive = { Metrics: [{ Name: name, Unit: unit }] };
    expect(written).toMatchObject([{ ['_aws']: { CloudWatchMetrics: [directive] } }]);
  });
});

describe('withMetrics', () => {
  it('writes the metrics before the invocation ends, also when it fails', async () => {
    const { metrics } = await import('../../../shared/lambda/metrics.ts');
    const written: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((line) => written.push(String(line)) > 0);
    const fail = withMetrics(async (amount: number): Promise<void> => {
      metrics.add('PostsSent', amount);
      throw new Error('the handler failed');
    });
    await expect(fail(7)).rejects.toThrow('the handler failed');
    expect(written.filter((line) => line.includes('"PostsSent":7'))).toHaveLength(1);
  });
});
