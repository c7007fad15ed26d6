import { describe, expect, it } from 'vitest';
import { alarmRows } from '../../infra/monitoring/alarm-table.ts';
import { functionNames } from '../../infra/functions.ts';
import { functionId, functionNamed, onlyOf, resourcesOf, synthesize } from './synthesized.ts';

const alarmsOf = (template: ReturnType<typeof synthesize>) =>
  Object.values(resourcesOf(template, 'AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);

const template = synthesize('prod', { ALARM_EMAIL: 'ops@chat.example' });
const alarms = alarmsOf(template);

describe('the alarms', () => {
  it('are on one metric each, without an expression', () => {
    expect(alarms.length).toBeGreaterThan(alarmRows.length);
    expect(alarms.filter((alarm) => alarm.Metrics !== undefined)).toEqual([]);
  });

  it('cover each function on its own, so that one alarm names one function', () => {
    for (const metric of ['Errors', 'Throttles']) {
      const named = alarms.filter((alarm) => alarm.MetricName === metric);
      expect(named.map(({ Dimensions }) => Dimensions)).toEqual(
        functionNames.map((name) => [{ Name: 'FunctionName', Value: { Ref: functionId(template, name) } }]),
      );
    }
  });

  it('link to their section of the runbook, where the operator keeps it', () => {
    for (const { AlarmDescription, AlarmName } of alarms) {
      const name = String(AlarmName).replace('ServerlessChat-prod-', '').split('-')[0]!;
      expect(AlarmDescription).toMatch(
        new RegExp(`^[A-Z].+\\. What to do: docs/runbook\\.md#${name.toLowerCase()}$`),
      );
    }
    const elsewhere = alarmsOf(synthesize('dev', { RUNBOOK_URL: 'https://wiki.example/chat' }));
    expect(elsewhere[0]!.AlarmDescription).toContain('https://wiki.example/chat#');
  });

  it('count what functions log at the level ERROR, and requests that an access log has as throttled', () => {
    const filters = Object.values(resourcesOf(template, 'AWS::Logs::MetricFilter')).map(
      ({ Properties }) => Properties,
    );
    const groupsWith = (pattern: string): string[] =>
      filters
        .filter(({ FilterPattern }) => FilterPattern === pattern)
        .map(({ LogGroupName }) => LogGroupName.Ref);
    const logGroups = functionNames.map((name) => functionNamed(template, name).LoggingConfig.LogGroup.Ref);
    expect(groupsWith('{ $.level = "ERROR" }').toSorted()).toEqual(logGroups.toSorted());
    const stages = Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Stage'));
    const formats = stages.map(({ Properties }) => JSON.parse(Properties.AccessLogSettings.Format));
    for (const format of formats) expect(format).toMatchObject({ status: '$context.status' });
    for (const format of formats) expect(Object.keys(format)).toContain('integrationStatus');
    expect(groupsWith('{ ($.status = "429") && ($.integrationStatus = "-") }')).toHaveLength(stages.length);
  });

  it('are raised at four fifths of the concurrency that the account has', () => {
    const thresholdOf = (environment: NodeJS.ProcessEnv) =>
      alarmsOf(synthesize('dev', environment)).find(
        ({ MetricName }) => MetricName === 'ClaimedAccountConcurrency',
      )?.Threshold;
    expect(thresholdOf({})).toBe(800);
    expect(thresholdOf({ ACCOUNT_CONCURRENCY: '10' })).toBe(8);
  });

  it('notify the e-mail address that is set', () => {
    const [topicId] = Object.keys(resourcesOf(template, 'AWS::SNS::Topic'));
    for (const { AlarmActions } of alarms) expect(AlarmActions).toEqual([{ Ref: topicId }]);
    expect(onlyOf(template, 'AWS::SNS::Subscription')['Properties']).toMatchObject({
      Protocol: 'email',
      Endpoint: 'ops@chat.example',
    });
  });

  it('have no action where no e-mail address is set', () => {
    const dev = synthesize('dev');
    expect(resourcesOf(dev, 'AWS::SNS::Topic')).toEqual({});
    for (const alarm of alarmsOf(dev)) expect(alarm).not.toHaveProperty('AlarmActions');
  });
});

describe('the dashboard', () => {
  const body: { widgets: Widget[] } = JSON.parse(
    template
      .toJSON()
      .Resources[
        Object.keys(resourcesOf(template, 'AWS::CloudWatch::Dashboard'))[0]!
      ].Properties.DashboardBody['Fn::Join'][1].map((part: unknown) =>
        typeof part === 'string' ? part : 'resolved',
      )
      .join(''),
  );

  interface Widget {
    type: string;
    properties: { markdown?: string; title?: string; metrics?: unknown[][] };
  }

  it('answers whether it is healthy, what it costs and what is slow', () => {
    const headings = body.widgets.flatMap(({ properties: { markdown } }) => markdown ?? []);
    expect(headings).toEqual([
      expect.stringContaining('healthy?'),
      expect.stringContaining('cost?'),
      expect.stringContaining('slow?'),
    ]);
  });

  it('has metrics in every graph, and only expressions over metrics of the same graph', () => {
    const graphs = body.widgets.filter(({ type }) => type === 'metric');
    expect(graphs.length).toBeGreaterThan(12);
    for (const { properties } of graphs) {
      const metrics = properties.metrics ?? [];
      expect(metrics.length).toBeGreaterThan(0);
      const options = metrics.map((metric) => metric.at(-1) as { id?: string; expression?: string });
      const ids = options.map(({ id }) => id);
      for (const { expression = '' } of options)
        for (const [, id] of expression.matchAll(/FILL\((\w+), 0\)/g)) expect(ids).toContain(id);
    }
  });

  it('prices every part of the bill that is counted', () => {
    const cost = body.widgets.find(({ properties }) => properties.title === 'Cost by part');
    const labels = cost?.properties.metrics?.flatMap((metric) => {
      const { label, expression } = metric.at(-1) as { label?: string; expression?: string };
      return expression === undefined ? [] : [label];
    });
    expect(labels).toEqual([
      'WebSocket API',
      'HTTP API',
      'DynamoDB',
      'Lambda',
      'Requests to the bucket of files',
      'Logs and metrics of functions',
    ]);
  });
});
