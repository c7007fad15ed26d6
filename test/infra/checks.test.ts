import { AwsSolutionsChecks } from 'cdk-nag';
import { Stack } from 'aws-cdk-lib/core';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { acknowledgements } from '../../infra/acknowledgements.ts';
import { stageNames } from '../../shared/settings/setting.ts';
import { stackOf } from './synthesized.ts';

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
    const list = acknowledgements({ webSocketApi: 'Api', failureBucket: 'Bucket', stage: 'dev' });
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
