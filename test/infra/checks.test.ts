import { AwsSolutionsChecks } from 'cdk-nag';
import { Stack } from 'aws-cdk-lib/core';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { acknowledgements } from '../../infra/acknowledgements.ts';
import { functionNames } from '../../infra/functions.ts';
import { stageNames } from '../../shared/settings/setting.ts';
import { functionNamed, onlyOf, resourcesOf, stackOf, synthesize } from './synthesized.ts';

/** Adds a queue without a dead-letter queue and without enforced TLS. */
const addCareless = (stack: Stack) => new Queue(stack, 'Careless');

describe('cdk-nag', () => {
  it.each(stageNames)('finds nothing in stage %s that is not acknowledged', (stage) => {
    const { app } = stackOf(stage, { environment: { ALARM_EMAIL: 'ops@chat.example' } });
    const { violations } = new AwsSolutionsChecks(app).validateScope(app);
    expect(violations.map(({ ruleName, violatingResources }) => ({ ruleName, violatingResources }))).toEqual(
      [],
    );
  });

  it('reports a finding, also when the same finding is acknowledged for another resource', () => {
    const { app, stack } = stackOf('dev');
    addCareless(stack);
    const { violations } = new AwsSolutionsChecks(app).validateScope(app);
    expect(violations.map(({ ruleName }) => ruleName).toSorted()).toEqual([
      'AwsSolutions-SQS3',
      'AwsSolutions-SQS4',
    ]);
  });

  it('makes the synthesis fail when it reports a finding', () => {
    const { app, stack } = stackOf('dev', { fast: false });
    addCareless(stack);
    expect(() => app.synth()).toThrow(/AwsSolutions-SQS4/);
  }, 60_000);

  it('has no acknowledgement that matches no resource or has no reason', () => {
    const { stack } = stackOf('dev');
    const paths = stack.node.findAll().map((node) => node.node.path.slice(stack.node.path.length + 1));
    const list = acknowledgements('Api', 'dev');
    expect(list.filter(({ where }) => !paths.some((path) => where.test(path)))).toEqual([]);
    expect(list.filter(({ reason }) => reason.length < 40)).toEqual([]);
  });
});

/** Counts the notices of the synthesis of production that browsers are refused. */
function countRefusalNotices(environment: NodeJS.ProcessEnv): number {
  const { stack } = stackOf('prod', { environment });
  const about = Match.stringLikeRegexp('ALLOWED_ORIGINS');
  return Annotations.fromStack(stack).findInfo('*', about).length;
}

describe('the synthesis', () => {
  it('passes the validation of CloudFormation without warnings', () => {
    const { app, stack } = stackOf('prod', { fast: false });
    app.synth();
    expect(Annotations.fromStack(Stack.of(stack)).findWarning('*', Match.anyValue())).toEqual([]);
  });

  it('prints a notice that browsers are refused while no origin is allowed', () => {
    expect(countRefusalNotices({})).toBe(1);
    expect(countRefusalNotices({ ALLOWED_ORIGINS: 'https://a.example' })).toBe(0);
  });
});

describe('the alarms', () => {
  it('cover errors, throttles, delays, failed records and failing requests', () => {
    const template = synthesize('prod');
    const alarms = Object.keys(resourcesOf(template, 'AWS::CloudWatch::Alarm'));
    expect(alarms.map((id) => id.replace(/Alarm\w+$/, '')).toSorted()).toEqual([
      'FailedRecords',
      'FunctionErrors',
      'FunctionThrottles',
      'HttpServerErrors',
      'InvocationLagfanOut',
      'LoggedErrors',
      'SocketErrors',
      'StreamLagtableStream',
    ]);
    expect(onlyOf(template, 'AWS::CloudWatch::Dashboard')).toBeDefined();
  });

  it('include one for asynchronous invocations of fan-out that start late', () => {
    const alarms = Object.values(resourcesOf(synthesize('prod'), 'AWS::CloudWatch::Alarm'));
    const alarm = alarms.find(({ Properties }) => Properties.MetricName === 'AsyncEventAge');
    expect(alarm?.['Properties']).toMatchObject({
      Namespace: 'AWS/Lambda',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: expect.stringMatching(/^fanOut/) } }],
      Statistic: 'Maximum',
      Threshold: 60_000,
    });
  });

  it('detect an error of one function while the others report no data', () => {
    const alarms = Object.entries(resourcesOf(synthesize('prod'), 'AWS::CloudWatch::Alarm'));
    const alarm = alarms.find(([id]) => id.startsWith('FunctionErrors'));
    const metrics: { Expression?: string }[] = alarm?.[1]['Properties'].Metrics;
    const expressions = metrics.flatMap(({ Expression }) => Expression ?? []);
    expect(expressions).toEqual([functionNames.map((name) => `FILL(errors_${name}, 0)`).join(' + ')]);
  });

  it('count the errors that any function logs', () => {
    const template = synthesize('prod');
    const filters = Object.values(resourcesOf(template, 'AWS::Logs::MetricFilter')).filter(
      ({ Properties }) => Properties.FilterPattern === '{ $.level = "ERROR" }',
    );
    const logGroups = functionNames.map((name) => functionNamed(template, name).LoggingConfig.LogGroup.Ref);
    expect(filters).toHaveLength(functionNames.length);
    expect(new Set(filters.map(({ Properties }) => Properties.LogGroupName.Ref))).toEqual(new Set(logGroups));
    const metric = { MetricName: 'LoggedErrors', Namespace: 'ServerlessChat-prod' };
    for (const { Properties } of filters) {
      const { MetricName, MetricNamespace: Namespace } = Properties.MetricTransformations[0];
      expect({ MetricName, Namespace }).toEqual(metric);
    }
    const alarms = Object.values(resourcesOf(template, 'AWS::CloudWatch::Alarm'));
    expect(alarms.map(({ Properties }) => Properties)).toContainEqual(expect.objectContaining(metric));
  });

  it('have no action when no e-mail address is set', () => {
    const template = synthesize('prod');
    expect(resourcesOf(template, 'AWS::SNS::Topic')).toEqual({});
    for (const alarm of Object.values(resourcesOf(template, 'AWS::CloudWatch::Alarm'))) {
      expect(alarm['Properties']).not.toHaveProperty('AlarmActions');
    }
  });

  it('notify the e-mail address that is set', () => {
    const template = synthesize('prod', { ALARM_EMAIL: 'ops@chat.example' });
    const [topicId] = Object.keys(resourcesOf(template, 'AWS::SNS::Topic'));
    for (const alarm of Object.values(resourcesOf(template, 'AWS::CloudWatch::Alarm'))) {
      expect(alarm['Properties'].AlarmActions).toEqual([{ Ref: topicId }]);
    }
    expect(onlyOf(template, 'AWS::SNS::Subscription')['Properties']).toMatchObject({
      Protocol: 'email',
      Endpoint: 'ops@chat.example',
    });
  });
});
