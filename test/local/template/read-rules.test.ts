/** The schedules of hand-written templates: the rules that the local runtime runs, and those that it refuses. */
import { describe, expect, it } from 'vitest';
import type { LambdaFunction } from '../../../local/stack.ts';
import { openTemplate } from '../../../local/template/cloudformation.ts';
import { readSchedules } from '../../../local/template/read-rules.ts';

const functions = [{ logicalId: 'Check', functionName: 'Check' }] as LambdaFunction[];
const permission = {
  Action: 'lambda:InvokeFunction',
  FunctionName: { 'Fn::GetAtt': ['Check', 'Arn'] },
  Principal: 'events.amazonaws.com',
  SourceArn: { 'Fn::GetAtt': ['Schedule', 'Arn'] },
};
const target: Record<string, unknown> = { Id: 'Target0', Arn: { 'Fn::GetAtt': ['Check', 'Arn'] } };

interface Changes {
  rule?: object;
  targets?: object[];
  permission?: object;
}

function schedulesOf(changes: Changes) {
  const rule = {
    ScheduleExpression: 'rate(5 minutes)',
    State: 'ENABLED',
    Targets: changes.targets ?? [target],
  };
  const raw = {
    Resources: {
      Check: { Type: 'AWS::Lambda::Function', Properties: {} },
      Live: {
        Type: 'AWS::Lambda::Alias',
        Properties: { FunctionName: { Ref: 'Check' }, Name: 'live' },
      },
      Schedule: { Type: 'AWS::Events::Rule', Properties: { ...rule, ...changes.rule } },
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: { ...permission, ...changes.permission },
      },
    },
  };
  const template = openTemplate(raw, { region: 'us-east-1', accountId: '0', stackName: 'Test' });
  return readSchedules(template, functions);
}

const ruleArn = 'arn:aws:events:us-east-1:0:rule/Schedule';

describe('the schedules of a template', () => {
  it.each([
    ['rate(1 minute)', 60],
    ['rate(5 minutes)', 300],
    ['rate(2 hours)', 7_200],
    ['rate(1 day)', 86_400],
  ])('have the interval of %s', (ScheduleExpression, intervalSeconds) => {
    expect(schedulesOf({ rule: { ScheduleExpression } })).toEqual([
      { ruleArn, functionId: 'Check', intervalSeconds },
    ]);
  });

  it('pass on the input of the target', () => {
    expect(schedulesOf({ targets: [{ ...target, Input: '{"a":1}' }] })).toMatchObject([{ input: '{"a":1}' }]);
  });

  it('may invoke a function by its alias', () => {
    const live = { Ref: 'Live' };
    expect(
      schedulesOf({ targets: [{ ...target, Arn: live }], permission: { FunctionName: live } }),
    ).toMatchObject([{ functionId: 'Check' }]);
  });

  it('leave out rules that are disabled', () => {
    expect(schedulesOf({ rule: { State: 'DISABLED' } })).toEqual([]);
  });

  it.each<[string, Changes, string]>([
    [
      'an expression other than a rate',
      { rule: { ScheduleExpression: 'cron(0 8 * * ? *)' } },
      'expression cron(',
    ],
    ['events in place of a schedule', { rule: { ScheduleExpression: undefined } }, 'expression none'],
    [
      'a target that is not a function',
      { targets: [{ ...target, Arn: 'arn:aws:sqs:x' }] },
      'target arn:aws:sqs:x',
    ],
    ['no permission', { permission: { Principal: 'apigateway.amazonaws.com' } }, 'No permission'],
    [
      'the permission of another rule',
      { permission: { SourceArn: 'arn:aws:events:other' } },
      'No permission',
    ],
    [
      'the permission of the function for a target that is its alias',
      { targets: [{ ...target, Arn: { Ref: 'Live' } }] },
      `lets ${ruleArn} invoke arn:aws:lambda:us-east-1:0:function:Check:live`,
    ],
  ])('are refused with %s', (_, changes, message) => {
    expect(() => schedulesOf(changes)).toThrow(message);
  });
});
