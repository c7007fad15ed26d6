/** Makes docs/metrics.md from the rows of the metrics and of the alarms. */
import {
  alarmPeriodMinutes,
  alarmRows,
  runbookLink,
  thresholdIn,
  type AlarmRow,
} from '../infra/monitoring/alarm-table.ts';
import { stageSettings } from '../infra/stages.ts';
import { metricNamespace, reasonDimension, stageDimension } from '../shared/metrics/metric-recorder.ts';
import { metricRows } from '../shared/metrics/metric-table.ts';
import { markdownTable } from './markdown-table.ts';

const introduction = `# Metrics and alarms

Generated from \`shared/metrics\` and \`infra/monitoring\` by \`npm run documents\`; edit the rows there.

## What the functions count

An invocation writes what it counted as one log line, from which CloudWatch makes the metrics of the namespace
\`${metricNamespace}\`. Each has the dimension \`${stageDimension}\`; those with a reason are counted once in all and once with the
dimension \`${reasonDimension}\`, which is the code of the error. Counters are sums of an invocation, durations are single values.
`;

const alarmsIntroduction = `## Alarms

An alarm is raised when its metric reaches the threshold within ${alarmPeriodMinutes} minutes, or in that many periods of ${alarmPeriodMinutes} minutes in a
row. Missing data counts as healthy. Each links to what to do. A metric of several functions has an alarm for each of
them. The thresholds are those of \`prod\`; they are rows of \`infra/monitoring/alarm-table.ts\`.
`;

/** Returns the page as Prettier formats it. */
export function metricsPage(): string {
  const metrics = metricRows.map(([name, { unit, reasons, description, countedIn }]) => [
    code(name),
    unit,
    reasons === undefined ? '' : 'yes',
    description,
    countedIn.map(code).join(', '),
  ]);
  const settings = stageSettings('prod');
  const alarms = alarmRows.map(([name, row]) => [
    `[${name}](${runbookLink(name, 'runbook.md')})`,
    sourceOf(row),
    row.statistic,
    `${thresholdIn(row, settings).toLocaleString('en-US')}${row.unit === 'milliseconds' ? ' ms' : ''}`,
    String(row.periods ?? 1),
    row.meaning,
  ]);
  return [
    introduction,
    markdownTable(['metric', 'unit', 'reason', 'what it counts', 'counted in'], metrics),
    alarmsIntroduction,
    markdownTable(['alarm', 'metric', 'statistic', 'at least', 'periods', 'meaning'], alarms),
  ].join('\n');
}

const subjects = {
  function: 'of each function',
  streamReader: 'of each function that reads the table stream',
  invokedFunction: 'of each function that is invoked asynchronously',
  failingToQueue: 'of each function with a failure destination',
  httpApi: 'of the HTTP API',
  webSocketApi: 'of the WebSocket API',
  table: 'of the table and of its index',
  failureQueue: 'of the failure queue',
  account: 'of the account',
} as const;

function sourceOf({ metric }: AlarmRow): string {
  switch (metric.kind) {
    case 'own':
      return (
        code(metric.name) + (metric.reason === undefined ? '' : ` with the reason ${code(metric.reason)}`)
      );
    case 'logged':
      return `${code(metric.name)}, counted from log lines`;
    case 'aws':
      return `${code(`${metric.namespace} ${metric.name}`)} ${subjects[metric.of]}`;
  }
}

const code = (text: string): string => `\`${text}\``;
