/** The schedules of hand-written templates: the rules that the local runtime runs, and those that it refuses. */
import { describe, expect, it } from 'vitest';
import type { LambdaFunction } from '../../../local/stack.ts';
import { openTemplate } from '../../../local/template/cloudformation.ts';
import type { BucketDefinition } from '../../../local/bucket-definition.ts';
import { readObjectRules, readSchedules } from '../../../local/template/read-rules.ts';

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

function templateOf(changes: Changes) {
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
  return openTemplate(raw, { region: 'us-east-1', accountId: '0', stackName: 'Test' });
}

const schedulesOf = (changes: Changes) => readSchedules(templateOf(changes), functions);

const buckets = [
  { bucketName: 'files', sendsEvents: true },
  { bucketName: 'silent', sendsEvents: false },
] as BucketDefinition[];

const pattern = {
  source: ['aws.s3'],
  'detail-type': ['Object Created'],
  detail: { bucket: { name: ['files'] }, object: { key: [{ prefix: 'incoming/' }] } },
};
const objectRule = { ScheduleExpression: undefined, EventPattern: pattern };

const objectRulesOf = (rule: object, changes: Changes = {}) =>
  readObjectRules(templateOf({ ...changes, rule: { ...objectRule, ...rule } }), functions, buckets);

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
    ['neither a schedule nor a pattern', { rule: { ScheduleExpression: undefined } }, 'expression none'],
    ['a part of the event as input', { targets: [{ ...target, InputPath: '$.detail' }] }, 'InputPath'],
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

describe('the rules for new objects of a template', () => {
  it('have their pattern, their function and its input', () => {
    expect(objectRulesOf({})).toEqual([{ ruleArn, functionId: 'Check', pattern }]);
    expect(objectRulesOf({}, { targets: [{ ...target, Input: '{}' }] })).toMatchObject([{ input: '{}' }]);
    expect(schedulesOf({ rule: objectRule })).toEqual([]);
  });

  it('leave out rules with a schedule, and those that are disabled', () => {
    expect(readObjectRules(templateOf({}), functions, buckets)).toEqual([]);
    expect(objectRulesOf({ State: 'DISABLED' })).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['another source', { EventPattern: { ...pattern, source: ['aws.ec2'] } }, 'other than of aws.s3'],
    [
      'other events of objects',
      { EventPattern: { ...pattern, 'detail-type': ['Object Deleted'] } },
      'other than Object Created',
    ],
    [
      'a bucket that sends no events',
      { EventPattern: { ...pattern, detail: { bucket: { name: ['silent'] } } } },
      'the bucket silent, which sends none',
    ],
    [
      'an unknown condition',
      { EventPattern: { ...pattern, detail: { object: { key: [{ wildcard: '*' }] } } } },
      'wildcard',
    ],
    ['a schedule beside the pattern', { ScheduleExpression: 'rate(1 day)' }, 'schedule expression beside'],
  ])('are refused with %s', (_, rule, message) => {
    expect(() => objectRulesOf(rule)).toThrow(message);
  });

  it('are refused without the permission to invoke their function', () => {
    expect(() => objectRulesOf({}, { permission: { Principal: 's3.amazonaws.com' } })).toThrow(
      'No permission',
    );
  });
});
