import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { App } from 'aws-cdk-lib/core';
import { Stack } from 'aws-cdk-lib/core';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { acknowledgements } from '../../infra/acknowledgements.ts';
import { stageSettings } from '../../infra/stages.ts';
import { stageNames } from '../../shared/settings/setting.ts';
import { everyOption } from './every-option.ts';
import { stackOf } from './synthesized.ts';

/** Adds a queue without a dead-letter queue and without enforced TLS. */
const addCareless = (stack: Stack) => new Queue(stack, 'Careless');

/** Returns what both packs of rules find, by rule. */
function findingsIn(app: App) {
  return [new AwsSolutionsChecks(app), new ServerlessChecks(app)]
    .flatMap((pack) => pack.validateScope(app).violations)
    .map(({ ruleName, violatingResources }) => ({ ruleName, violatingResources }))
    .toSorted((one, other) => one.ruleName.localeCompare(other.ruleName));
}

describe('cdk-nag', () => {
  it.each(stageNames)('finds nothing in stage %s that is not acknowledged', (stage) => {
    const { app } = stackOf(stage, { environment: { ALARM_EMAIL: 'ops@chat.example' } });
    expect(findingsIn(app)).toEqual([]);
  });

  it('finds nothing more when every option of an operator is on', () => {
    expect(findingsIn(stackOf('prod', { environment: everyOption }).app)).toEqual([]);
  });

  it('finds nothing more when everything that can be turned off is off', () => {
    const environment = { TRACE_PERCENT: '0', SET_API_GATEWAY_LOG_ROLE: 'false', EDGE_DISTRIBUTION: 'false' };
    expect(findingsIn(stackOf('prod', { environment }).app)).toEqual([]);
  });

  it('reports a finding, also when the same finding is acknowledged for another resource', () => {
    const { app, stack } = stackOf('dev');
    addCareless(stack);
    expect(findingsIn(app).map(({ ruleName }) => ruleName)).toEqual([
      'AwsSolutions-SQS3',
      'AwsSolutions-SQS4',
      'Serverless-SQSRedrivePolicy',
    ]);
  });

  it('makes the synthesis fail when it reports a finding', () => {
    const { app, stack } = stackOf('dev', { fast: false });
    addCareless(stack);
    expect(() => app.synth()).toThrow(/AwsSolutions-SQS4/);
  }, 60_000);

  it('has no acknowledgement that matches no resource or has no reason', () => {
    const { stack } = stackOf('prod', { environment: everyOption });
    const paths = stack.node.findAll().map((node) => node.node.path.slice(stack.node.path.length + 1));
    const list = acknowledgements({
      webSocketApi: 'Api',
      failureBucket: 'Bucket',
      filesBucket: 'Files',
      pageBucket: 'Page',
      stage: 'prod',
      settings: stageSettings('prod', everyOption),
    });
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
  it.each([
    ['dev', {}],
    ['staging', {}],
    ['prod', {}],
    ['prod', everyOption],
  ])(
    'passes the validation of CloudFormation without warnings in stage %s with %o',
    (stage, environment) => {
      const { app, stack } = stackOf(stage, { fast: false, environment });
      app.synth();
      expect(Annotations.fromStack(Stack.of(stack)).findWarning('*', Match.anyValue())).toEqual([]);
    },
    60_000,
  );

  it('prints a notice that browsers are refused while no origin is allowed', () => {
    expect(countRefusalNotices({})).toBe(1);
    expect(countRefusalNotices({ ALLOWED_ORIGINS: 'https://a.example' })).toBe(0);
  });
});
