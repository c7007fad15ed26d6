import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { alarmRows } from '../../../infra/monitoring/alarm-table.ts';
import { bundleFunctionsSync } from '../../../infra/bundle.ts';
import { prices } from '../../../infra/prices.ts';
import { evaluateAlarm } from '../../../local/metrics/evaluate-alarm.ts';
import { createMetricStore } from '../../../local/metrics/metric-store.ts';
import { readAssembly } from '../../../local/template/assembly.ts';
import { readStack } from '../../../local/template/read-stack.ts';
import type { AlarmDefinition } from '../../../local/stack.ts';
import { metricRows } from '../../../shared/metrics/metric-table.ts';
import { stackOf } from '../../infra/synthesized.ts';

const directory = mkdtempSync(join(tmpdir(), 'template-alarms-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
bundleFunctionsSync({ outdir: directory });
const outdir = join(directory, 'assembly');
stackOf('prod', { outdir, code: { builtIn: directory }, environment: { WEB_PAGE: 'false' } }).app.synth();
const stack = readStack({
  ...readAssembly(outdir),
  stage: 'prod',
  region: 'us-east-1',
  accountId: '000000000000',
});

const functionNames = stack.functions.map(({ functionName }) => functionName);
const table = { TableName: stack.table.tableName };

/** The metrics of AWS that alarms may use, with the dimensions under which AWS has them, from its documentation. */
const documented: Record<string, Record<string, string>[]> = {
  ...Object.fromEntries(
    ['Errors', 'Throttles', 'IteratorAge', 'AsyncEventAge', 'DestinationDeliveryFailures'].map((name) => [
      `AWS/Lambda ${name}`,
      functionNames.map((FunctionName) => ({ FunctionName })),
    ]),
  ),
  'AWS/Lambda ClaimedAccountConcurrency': [{}],
  'AWS/SQS NumberOfMessagesSent': stack.queues.map(({ queueName }) => ({ QueueName: queueName })),
  ...Object.fromEntries(
    ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) => [
      `AWS/DynamoDB ${name}`,
      [table, { ...table, GlobalSecondaryIndexName: 'lookup' }],
    ]),
  ),
  ...Object.fromEntries(
    ['5xx', 'Latency'].map((name) => [`AWS/ApiGateway ${name}`, [{ ApiId: stack.httpApi.apiId }]]),
  ),
  ...Object.fromEntries(
    ['ExecutionError', 'IntegrationError', 'IntegrationLatency'].map((name) => [
      `AWS/ApiGateway ${name}`,
      [{ ApiId: stack.webSocketApi.apiId }],
    ]),
  ),
};

/** Whether something puts data into exactly this metric. */
function hasSource({ namespace, name, dimensions }: AlarmDefinition['metric']): boolean {
  if (namespace.startsWith('AWS/'))
    return (documented[`${namespace} ${name}`] ?? []).some((known) => isSame(known, dimensions));
  if (namespace !== 'ServerlessChat')
    return (
      isSame({}, dimensions) &&
      stack.logMetrics.some((filter) => filter.namespace === namespace && filter.name === name)
    );
  const row = metricRows.find(([known]) => known === name)?.[1];
  const { Stage: stage, Reason: reason, ...others } = dimensions;
  const isReason = reason === undefined || row?.reasons?.includes(reason) === true;
  return row !== undefined && stage === 'prod' && isReason && isSame({}, others);
}

function isSame(one: Record<string, string>, other: Record<string, string>): boolean {
  const names = Object.keys({ ...one, ...other });
  return names.every((name) => one[name] === other[name]);
}

/** Returns the state of an alarm after the same sum or value in each of its periods. */
function stateAt(alarm: AlarmDefinition, value: number): string {
  let nowMs = 1_700_000_000_000;
  const store = createMetricStore(() => nowMs);
  for (let period = 0; period < alarm.evaluationPeriods; period += 1) {
    store.series(alarm.metric)(value);
    nowMs += alarm.periodSeconds * 1_000;
  }
  return evaluateAlarm(alarm, store, nowMs - 1_000).state;
}

describe('an alarm of the template', () => {
  it.each(stack.alarms.map((alarm) => [alarm.name, alarm] as const))(
    '%s is raised by its metric at the threshold, and by nothing below',
    (_, alarm) => {
      expect(hasSource(alarm.metric)).toBe(true);
      expect(stateAt(alarm, alarm.threshold)).toBe('ALARM');
      expect(stateAt(alarm, alarm.threshold * 0.99)).toBe('OK');
      expect(evaluateAlarm(alarm, createMetricStore(), Date.now()).state).toBe('OK');
    },
  );

  it('exists for each row of the table, and each has a row', () => {
    const kinds = stack.alarms.map(({ name }) => name.replace('ServerlessChat-prod-', '').split('-')[0]!);
    expect([...new Set(kinds)].toSorted()).toEqual(alarmRows.map(([name]) => name).toSorted());
  });
});

describe('what is charged for each stage', () => {
  it('is counted in docs/cost.md as the template has it', () => {
    const cost = readFileSync(new URL('../../../docs/cost.md', import.meta.url), 'utf8');
    const logMetrics = new Set(stack.logMetrics.map(({ name }) => name)).size;
    const reasons = metricRows.flatMap(([, row]) => row.reasons ?? []).length;
    const dollars = (count: number, price: number): string => (count * price).toFixed(2);
    const { length: alarmCount } = stack.alarms;
    const metricCount = metricRows.length + logMetrics + reasons;
    expect(cost).toMatch(
      new RegExp(`\\| ${alarmCount} alarms at .*${dollars(alarmCount, prices.perAlarm)} \\|`),
    );
    expect(cost).toMatch(
      new RegExp(
        `\\| ${metricRows.length} metrics of functions, ${logMetrics} of log lines and up to ${reasons} reasons, ` +
          `.*${dollars(metricCount, prices.perMetric)} \\|`,
      ),
    );
  });
});

describe('the search for the source of a metric', () => {
  const own = { namespace: 'ServerlessChat', name: 'CommandsFailed', dimensions: { Stage: 'prod' } };

  it.each([
    { ...own, name: 'CommandFailed' },
    { ...own, dimensions: {} },
    { ...own, dimensions: { Stage: 'dev' } },
    { ...own, dimensions: { Stage: 'prod', Reason: 'forbidden' } },
    { namespace: 'AWS/Lambda', name: 'Errors', dimensions: {} },
    { namespace: 'AWS/Lambda', name: 'Errors', dimensions: { FunctionName: 'unknown' } },
    { namespace: 'AWS/ApiGateway', name: '5XXError', dimensions: { ApiId: stack.httpApi.apiId } },
    { namespace: 'ServerlessChat-prod', name: 'LoggedFailures', dimensions: {} },
  ])('finds none for %j', (metric) => {
    expect(hasSource(metric as AlarmDefinition['metric'])).toBe(false);
  });
});
