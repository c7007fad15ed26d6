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

const judge = (
  statements: Statement[],
  { action = 'dynamodb:GetItem', resource = table, context = {} }: Partial<AwsCall> = {},
) => compilePolicy(statements)({ action, resource, context });

describe('a policy', () => {
  it('allows nothing that it does not name', () => {
    expect(judge([])).toBe('not allowed');
    expect(judge([allow()])).toBe('allowed');
    expect(judge([allow()], { action: 'dynamodb:GetItems' })).toBe('not allowed');
    expect(judge([allow()], { action: 'dynamodb:Scan' })).toBe('not allowed');
    expect(judge([allow()], { resource: `${table}/index/lookup` })).toBe('not allowed');
    expect(judge([allow()], { resource: `${table}2` })).toBe('not allowed');
  });

  it('denies before it allows, wherever the Deny stands', () => {
    const deny: Statement = { Effect: 'Deny', Action: 'dynamodb:*', Resource: '*' };
    expect(judge([allow(), deny])).toBe('denied');
    expect(judge([deny, allow()])).toBe('denied');
    expect(judge([allow(), { ...deny, Action: 'sqs:*' }])).toBe('allowed');
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
  ])('%s for %s: %s', (Action, action, verdict) => {
    expect(judge([allow({ Action })], { action })).toBe(verdict);
  });

  it.each([
    [`${table}/*`, `${table}/index/lookup`, 'allowed'],
    [`${table}/*`, table, 'not allowed'],
    [`${table}*`, `${table}/index/lookup`, 'allowed'],
    [table.toUpperCase(), table, 'not allowed'],
    ['*', table, 'allowed'],
  ])('on %s for %s: %s', (Resource, resource, verdict) => {
    expect(judge([allow({ Resource })], { resource })).toBe(verdict);
  });

  it('takes lists, NotAction and NotResource', () => {
    expect(judge([allow({ Action: ['sqs:SendMessage', 'dynamodb:GetItem'] })])).toBe('allowed');
    const { Action: _, ...others } = allow();
    expect(judge([{ ...others, NotAction: 'dynamodb:*' }])).toBe('not allowed');
    expect(judge([{ ...others, NotAction: ['sqs:*'] }])).toBe('allowed');
    expect(judge([{ Effect: 'Allow', Action: '*', NotResource: `${table}*` }])).toBe('not allowed');
    expect(judge([{ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:sqs:*' }])).toBe('allowed');
  });
});

describe('a condition', () => {
  const like = when({ 'ForAllValues:StringLike': keys('USER#*', 'ROOM#*') });

  it('of ForAllValues holds when every value matches one of those given', () => {
    expect(judge([like], { context: keys('USER#a') })).toBe('allowed');
    expect(judge([like], { context: keys('USER#a', 'ROOM#b') })).toBe('allowed');
    expect(judge([like], { context: keys('USER#a', 'LOGIN#b') })).toBe('not allowed');
    expect(judge([like], { context: keys('xUSER#a') })).toBe('not allowed');
    expect(judge([like], { context: keys('user#a') })).toBe('not allowed');
    expect(judge([like], { context: keys('ROOM#a\nb') })).toBe('allowed');
  });

  it('of ForAllValues holds, as on AWS, for a request that names no value: so a scan must not be granted', () => {
    expect(judge([like])).toBe('allowed');
  });

  it('of ForAnyValue holds when one value matches', () => {
    const any = when({ 'ForAnyValue:StringLike': keys('USER#*') });
    expect(judge([any], { context: keys('LOGIN#a', 'USER#a') })).toBe('allowed');
    expect(judge([any], { context: keys('LOGIN#a') })).toBe('not allowed');
    expect(judge([any])).toBe('not allowed');
  });

  it('of StringEquals takes no wildcard for one', () => {
    const equal = when({ 'ForAllValues:StringEquals': keys('ROOMS#PUBLIC', 'A#*') });
    expect(judge([equal], { context: keys('ROOMS#PUBLIC') })).toBe('allowed');
    expect(judge([equal], { context: keys('A#b') })).toBe('not allowed');
    expect(judge([equal], { context: keys('A#*') })).toBe('allowed');
  });

  it('may be negated, and then holds for what is not there', () => {
    const not = when({ StringNotEquals: { 'dynamodb:Select': 'ALL_ATTRIBUTES' } });
    expect(judge([not], { context: { 'dynamodb:Select': 'COUNT' } })).toBe('allowed');
    expect(judge([not], { context: { 'dynamodb:Select': 'ALL_ATTRIBUTES' } })).toBe('not allowed');
    expect(judge([not])).toBe('allowed');
  });

  it('that is positive does not hold for what is not there, unless it says IfExists', () => {
    const select = { 'dynamodb:Select': 'COUNT' };
    expect(judge([when({ StringEquals: select })])).toBe('not allowed');
    expect(judge([when({ StringEqualsIfExists: select })])).toBe('allowed');
    expect(
      judge([when({ StringEqualsIfExists: select })], {
        context: { 'dynamodb:Select': 'ALL_ATTRIBUTES' },
      }),
    ).toBe('not allowed');
  });

  it('is one of several that must all hold, and its key is known in any case', () => {
    const both = when({
      'ForAllValues:StringLike': { 'DynamoDB:leadingkeys': 'USER#*' },
      StringEquals: { 'dynamodb:EnclosingOperation': ['TransactWriteItems'] },
    });
    const inside = { 'dynamodb:EnclosingOperation': 'TransactWriteItems' };
    expect(judge([both], { context: { ...keys('USER#a'), ...inside } })).toBe('allowed');
    expect(judge([both], { context: keys('USER#a') })).toBe('not allowed');
    expect(judge([both], { context: { ...keys('LOGIN#a'), ...inside } })).toBe('not allowed');
  });
});

describe('what is not understood', () => {
  it.each<[string, Statement, RegExp]>([
    ['an operator', when({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }), /operator IpAddress/],
    ['a quantified one', when({ 'ForAllValues:ArnLike': keys('a') }), /operator ForAllValues:ArnLike/],
    ['a key', when({ StringEquals: { 'aws:PrincipalTag/x': 'y' } }), /key aws:PrincipalTag\/x/],
    ['several values without a quantifier', when({ StringLike: keys('A#*') }), /LeadingKeys without/],
    ['a quantifier over one', when({ 'ForAnyValue:StringLike': { 'dynamodb:Select': 'x' } }), /Select with/],
    ['a variable', when({ 'ForAllValues:StringLike': keys('${aws:userid}') }), /variable in \$\{aws/],
    ['an element', { ...allow(), Principal: '*' } as Statement, /element Principal/],
    ['an effect', { ...allow(), Effect: 'Maybe' } as unknown as Statement, /effect Maybe/],
    ['no action', { Effect: 'Allow', Resource: '*' }, /without one Action/],
    ['no resource', { Effect: 'Allow', Action: '*' }, /without one Resource/],
  ])('is refused by name: %s', (_, statement, message) => {
    expect(() => compilePolicy([statement])).toThrow(message);
  });
});
