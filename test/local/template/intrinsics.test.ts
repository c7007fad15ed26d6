import { describe, expect, it } from 'vitest';
import { conditionHolds, resolve, type TemplateScope } from '../../../local/template/intrinsics.ts';

const scope: TemplateScope = {
  pseudo: { region: 'eu-west-1', accountId: '123456789012', stackName: 'Chat' },
  parameters: { Size: 'small' },
  conditions: {
    Small: { 'Fn::Equals': [{ Ref: 'Size' }, 'small'] },
    Large: { 'Fn::Not': [{ Condition: 'Small' }] },
    Either: { 'Fn::Or': [{ Condition: 'Small' }, { Condition: 'Large' }] },
    Both: { 'Fn::And': [{ Condition: 'Small' }, { Condition: 'Large' }] },
  },
  mappings: { Sizes: { small: { memory: 128 } } },
  ref: (logicalId) => `ref-${logicalId}`,
  getAtt: (logicalId, attribute) => `${logicalId}/${attribute}`,
};

describe('resolve', () => {
  it.each([
    ['a reference to a resource', { Ref: 'Table' }, 'ref-Table'],
    ['a reference to a parameter', { Ref: 'Size' }, 'small'],
    ['the region', { Ref: 'AWS::Region' }, 'eu-west-1'],
    ['an attribute as a list', { 'Fn::GetAtt': ['Table', 'Stream.Arn'] }, 'Table/Stream.Arn'],
    ['an attribute as a string', { 'Fn::GetAtt': 'Table.Arn' }, 'Table/Arn'],
    ['a join', { 'Fn::Join': ['-', ['a', { Ref: 'B' }, 3]] }, 'a-ref-B-3'],
    [
      'a substitution with all kinds of placeholders',
      { 'Fn::Sub': ['${AWS::AccountId} ${Table} ${Table.Arn} ${own} ${!kept}', { own: { Ref: 'Size' } }] },
      '123456789012 ref-Table Table/Arn small ${kept}',
    ],
    ['a selection from a split', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    ['a conditional value', { 'Fn::If': ['Small', 'yes', 'no'] }, 'yes'],
    ['an entry of a mapping', { 'Fn::FindInMap': ['Sizes', { Ref: 'Size' }, 'memory'] }, 128],
  ])('evaluates %s', (_what, value, expected) => {
    expect(resolve(value, scope)).toEqual(expected);
  });

  it('removes members and elements with AWS::NoValue', () => {
    const value = {
      kept: 1,
      dropped: { Ref: 'AWS::NoValue' },
      list: [{ 'Fn::If': ['Large', 1, { Ref: 'AWS::NoValue' }] }, 2],
    };
    expect(resolve(value, scope)).toEqual({ kept: 1, list: [2] });
  });

  it('evaluates combined conditions', () => {
    const trueConditions = ['Small', 'Large', 'Either', 'Both'].filter((name) => conditionHolds(name, scope));
    expect(trueConditions).toEqual(['Small', 'Either']);
  });

  it.each([
    ['an unsupported intrinsic function', { 'Fn::ImportValue': 'Other' }, 'Fn::ImportValue'],
    ['an unsupported pseudo parameter', { Ref: 'AWS::NotificationARNs' }, 'AWS::NotificationARNs'],
    ['an unsupported dynamic reference', '{{resolve:ssm:/name}}', '{{resolve:ssm:/name}}'],
    ['an undeclared condition', { 'Fn::If': ['Missing', 1, 2] }, 'Missing'],
  ])('throws an error that names %s', (_what, value, name) => {
    expect(() => resolve(value, scope)).toThrow(name);
  });
});
