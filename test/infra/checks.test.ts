import { AwsSolutionsChecks } from 'cdk-nag';
import { Stack } from 'aws-cdk-lib/core';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { acknowledgements } from '../../infra/acknowledgements.ts';
import { functionNames } from '../../infra/functions.ts';
import { stageNames } from '../../shared/settings/setting.ts';
import { stackOf, synthesize, onlyOf, resourcesOf } from './synthesized.ts';

/** A queue with neither a dead-letter queue nor TLS enforced. */
const addCareless = (stack: Stack) => new Queue(stack, 'Careless');

describe('cdk-nag', () => {
  it.each(stageNames)('finds nothing in %s that is not acknowledged', (stage) => {
    const { app } = stackOf(stage, { environment: { ALARM_EMAIL: 'ops@chat.example' } });
    const { violations } = new AwsSolutionsChecks(app).validateScope(app);
    expect(violations.map(({ ruleName, violatingResources }) => ({ ruleName, violatingResources }))).toEqual(
      [],
    );
  });

  it('finds a fault where there is one, also one that is acknowledged elsewhere', () => {
    const { app, stack } = stackOf('dev');
    addCareless(stack);
    const { violations } = new AwsSolutionsChecks(app).validateScope(app);
    expect(violations.map(({ ruleName }) => ruleName).toSorted()).toEqual([
      'AwsSolutions-SQS3',
      'AwsSolutions-SQS4',
    ]);
  });

  it('stops the synthesis that finds a fault', () => {
    const { app, stack } = stackOf('dev', { fast: false });
    addCareless(stack);
    expect(() => app.synth()).toThrow(/AwsSolutions-SQS4/);
  }, 60_000);

  it('has no acknowledgement that matches nothing or lacks a reason', () => {
    const { stack } = stackOf('dev');
    const paths = stack.node.findAll().map((node) => node.node.path.slice(stack.node.path.length + 1));
    const list = acknowledgements('Api', 'dev');
    expect(list.filter(({ where }) => !paths.some((path) => where.test(path)))).toEqual([]);
    expect(list.filter(({ reason }) => reason.length < 40)).toEqual([]);
  });
});

/** How often an operator of production is told that browsers are refused. */
function refusalsSaid(environment: NodeJS.ProcessEnv): number {
  const { stack } = stackOf('prod', { environment });
  const about = Match.stringLikeRegexp('ALLOWED_ORIGINS');
  return Annotations.fromStack(stack).findInfo('*', about).length;
}

describe('the synthesis', () => {
  it('warns of nothing and passes the validation of CloudFormation', () => {
    const { app, stack } = stackOf('prod', { fast: false });
    app.synth();
    expect(Annotations.fromStack(Stack.of(stack)).findWarning('*', Match.anyValue())).toEqual([]);
  });

  it('says that browsers are refused for as long as no origin is named', () => {
    expect(refusalsSaid({})).toBe(1);
    expect(refusalsSaid({ ALLOWED_ORIGINS: 'https://a.example' })).toBe(0);
  });
});

describe('the alarms', () => {
  it('cover errors, throttles, lag, what was given up on, and failing requests', () => {
    const template = synthesize('prod');
    const alarms = Object.keys(resourcesOf(template, 'AWS::CloudWatch::Alarm'));
    expect(alarms.map((id) => id.replace(/Alarm\w+$/, '')).toSorted()).toEqual([
      'FailedRecords',
      'FunctionErrors',
      'FunctionThrottles',
      'HttpServerErrors',
      'InvocationLagfanOut',
      'SocketErrors',
      'StreamLagtableStream',
    ]);
    expect(onlyOf(template, 'AWS::CloudWatch::Dashboard')).toBeDefined();
  });

  it('alarm when fan-out begins late', () => {
    const alarms = Object.values(resourcesOf(synthesize('prod'), 'AWS::CloudWatch::Alarm'));
    const alarm = alarms.find(({ Properties }) => Properties.MetricName === 'AsyncEventAge');
    expect(alarm?.['Properties']).toMatchObject({
      Namespace: 'AWS/Lambda',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: expect.stringMatching(/^fanOut/) } }],
      Statistic: 'Maximum',
      Threshold: 60_000,
    });
  });

  it('see an error of one function also while the others are idle', () => {
    const alarms = Object.entries(resourcesOf(synthesize('prod'), 'AWS::CloudWatch::Alarm'));
    const alarm = alarms.find(([id]) => id.startsWith('FunctionErrors'));
    const metrics: { Expression?: string }[] = alarm?.[1]['Properties'].Metrics;
    const expressions = metrics.flatMap(({ Expression }) => Expression ?? []);
    expect(expressions).toEqual([functionNames.map((name) => `FILL(errors_${name}, 0)`).join(' + ')]);
  });

  it('tell nobody when nobody is named', () => {
    const template = synthesize('prod');
    expect(resourcesOf(template, 'AWS::SNS::Topic')).toEqual({});
    for (const alarm of Object.values(resourcesOf(template, 'AWS::CloudWatch::Alarm'))) {
      expect(alarm['Properties']).not.toHaveProperty('AlarmActions');
    }
  });

  it('tell the address that is named', () => {
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
