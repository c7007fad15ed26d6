import { describe, expect, it } from 'vitest';
import { compilePolicy, type AwsCall, type Statement } from '../../../local/permissions/policy.mjs';

const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/Chat';
const allow = (more: Partial<Statement> = {}): Statement => ({
  Effect: 'Allow',
  Action: 'dynamodb:GetItem',
  Resource: table,
  ...more,
});
const when = (Condition: NonNullable<Statement['Condition']>): Statement => allow({ Condition });
const keys = (...values: string[]) => ({ 'dynamodb:LeadingKeys': values });

const evaluate = (
  statements: Statement[],
  { action = 'dynamodb:GetItem', resource = table, context = {} }: Partial<AwsCall> = {},
) => compilePolicy(statements)({ action, resource, context });

describe('a policy', () => {
  it('allows only what it names', () => {
    expect(evaluate([])).toBe('not allowed');
    expect(evaluate([allow()])).toBe('allowed');
    expect(evaluate([allow()], { action: 'dynamodb:GetItems' })).toBe('not allowed');
    expect(evaluate([allow()], { action: 'dynamodb:Scan' })).toBe('not allowed');
    expect(evaluate([allow()], { resource: `${table}/index/lookup` })).toBe('not allowed');
    expect(evaluate([allow()], { resource: `${table}2` })).toBe('not allowed');
  });

  it('gives a Deny precedence over an Allow in any order', () => {
    const deny: Statement = { Effect: 'Deny', Action: 'dynamodb:*', Resource: '*' };
    expect(evaluate([allow(), deny])).toBe('denied');
    expect(evaluate([deny, allow()])).toBe('denied');
    expect(evaluate([allow(), { ...deny, Action: 'sqs:*' }])).toBe('allowed');
  });

  it.each([
    ['dynamodb:*', 'dynamodb:PutItem', 'allowed'],
    ['dynamodb:*Item', 'dynamodb:PutItem', 'allowed'],
    ['dynamodb:*Item', 'dynamodb:Query', 'not allowed'],
    ['dynamodb:GetIte?', 'dynamodb:GetItem', 'allowed'],
    ['dynamodb:GetIte?', 'dynamodb:GetIte', 'not allowed'],
    ['DynamoDB:getitem', 'dynamodb:GetItem', 'allowed'],
    ['*', 'sqs:SendMessage', 'allowed'],
    ['dynamodb:Get', 'dynamodb:GetItem', 'not allowed'],
    ['dynamodb.GetItem', 'dynamodb:GetItem', 'not allowed'],
  ])('with the action %s evaluates %s as %s', (Action, action, verdict) => {
    expect(evaluate([allow({ Action })], { action })).toBe(verdict);
  });

  it.each([
    [`${table}/*`, `${table}/index/lookup`, 'allowed'],
    [`${table}/*`, table, 'not allowed'],
    [`${table}*`, `${table}/index/lookup`, 'allowed'],
    [table.toUpperCase(), table, 'not allowed'],
    ['*', table, 'allowed'],
  ])('with the resource %s evaluates %s as %s', (Resource, resource, verdict) => {
    expect(evaluate([allow({ Resource })], { resource })).toBe(verdict);
  });

  it('supports lists, NotAction and NotResource', () => {
    expect(evaluate([allow({ Action: ['sqs:SendMessage', 'dynamodb:GetItem'] })])).toBe('allowed');
    const { Action: _, ...others } = allow();
    expect(evaluate([{ ...others, NotAction: 'dynamodb:*' }])).toBe('not allowed');
    expect(evaluate([{ ...others, NotAction: ['sqs:*'] }])).toBe('allowed');
    expect(evaluate([{ Effect: 'Allow', Action: '*', NotResource: `${table}*` }])).toBe('not allowed');
    expect(evaluate([{ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:sqs:*' }])).toBe('allowed');
  });
});

describe('a condition', () => {
  const like = when({ 'ForAllValues:StringLike': keys('USER#*', 'ROOM#*') });

  it('with ForAllValues holds when every value matches one of the patterns', () => {
    expect(evaluate([like], { context: keys('USER#a') })).toBe('allowed');
    expect(evaluate([like], { context: keys('USER#a', 'ROOM#b') })).toBe('allowed');
    expect(evaluate([like], { context: keys('USER#a', 'LOGIN#b') })).toBe('not allowed');
    expect(evaluate([like], { context: keys('xUSER#a') })).toBe('not allowed');
    expect(evaluate([like], { context: keys('user#a') })).toBe('not allowed');
    expect(evaluate([like], { context: keys('ROOM#a\nb') })).toBe('allowed');
  });

  it('with ForAllValues holds for a request without a value, as on AWS, so a scan must not be allowed', () => {
    expect(evaluate([like])).toBe('allowed');
  });

  it('with ForAnyValue holds when one value matches', () => {
    const any = when({ 'ForAnyValue:StringLike': keys('USER#*') });
    expect(evaluate([any], { context: keys('LOGIN#a', 'USER#a') })).toBe('allowed');
    expect(evaluate([any], { context: keys('LOGIN#a') })).toBe('not allowed');
    expect(evaluate([any])).toBe('not allowed');
  });

  it('with StringEquals treats wildcards as literals', () => {
    const equal = when({ 'ForAllValues:StringEquals': keys('ROOMS#PUBLIC', 'A#*') });
    expect(evaluate([equal], { context: keys('ROOMS#PUBLIC') })).toBe('allowed');
    expect(evaluate([equal], { context: keys('A#b') })).toBe('not allowed');
    expect(evaluate([equal], { context: keys('A#*') })).toBe('allowed');
  });

  it('with a negated operator holds for an absent value', () => {
    const not = when({ StringNotEquals: { 'dynamodb:Select': 'ALL_ATTRIBUTES' } });
    expect(evaluate([not], { context: { 'dynamodb:Select': 'COUNT' } })).toBe('allowed');
    expect(evaluate([not], { context: { 'dynamodb:Select': 'ALL_ATTRIBUTES' } })).toBe('not allowed');
    expect(evaluate([not])).toBe('allowed');
  });

  it('with a positive operator does not hold for an absent value, except with IfExists', () => {
    const select = { 'dynamodb:Select': 'COUNT' };
    expect(evaluate([when({ StringEquals: select })])).toBe('not allowed');
    expect(evaluate([when({ StringEqualsIfExists: select })])).toBe('allowed');
    expect(
      evaluate([when({ StringEqualsIfExists: select })], {
        context: { 'dynamodb:Select': 'ALL_ATTRIBUTES' },
      }),
    ).toBe('not allowed');
  });

  it('must hold together with all others, and its key is case-insensitive', () => {
    const both = when({
      'ForAllValues:StringLike': { 'DynamoDB:leadingkeys': 'USER#*' },
      StringEquals: { 'dynamodb:EnclosingOperation': ['TransactWriteItems'] },
    });
    const inside = { 'dynamodb:EnclosingOperation': 'TransactWriteItems' };
    expect(evaluate([both], { context: { ...keys('USER#a'), ...inside } })).toBe('allowed');
    expect(evaluate([both], { context: keys('USER#a') })).toBe('not allowed');
    expect(evaluate([both], { context: { ...keys('LOGIN#a'), ...inside } })).toBe('not allowed');
  });
});

describe('compilePolicy', () => {
  it.each<[string, Statement, RegExp]>([
    ['an unsupported operator', when({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }), /operator IpAddress/],
    [
      'an unsupported operator with a quantifier',
      when({ 'ForAllValues:ArnLike': keys('a') }),
      /operator ForAllValues:ArnLike/,
    ],
    [
      'an unsupported condition key',
      when({ StringEquals: { 'aws:PrincipalTag/x': 'y' } }),
      /key aws:PrincipalTag\/x/,
    ],
    ['a missing quantifier for a multi-valued key', when({ StringLike: keys('A#*') }), /LeadingKeys without/],
    [
      'a quantifier for a single-valued key',
      when({ 'ForAnyValue:StringLike': { 'dynamodb:Select': 'x' } }),
      /Select with/,
    ],
    ['a policy variable', when({ 'ForAllValues:StringLike': keys('${aws:userid}') }), /variable in \$\{aws/],
    ['an unsupported element', { ...allow(), Principal: '*' } as Statement, /element Principal/],
    ['an invalid effect', { ...allow(), Effect: 'Maybe' } as unknown as Statement, /effect Maybe/],
    ['a missing action', { Effect: 'Allow', Resource: '*' }, /without one Action/],
    ['a missing resource', { Effect: 'Allow', Action: '*' }, /without one Resource/],
  ])('names %s in its error', (_, statement, message) => {
    expect(() => compilePolicy([statement])).toThrow(message);
  });
});
