import { describe, expect, it } from 'vitest';
import { compileFilters } from '../../../local/streams/filter-pattern.ts';

const record = {
  eventName: 'INSERT',
  dynamodb: {
    Keys: { pk: { S: 'ROOM#1' }, sk: { S: 'MEMBER#2' } },
    NewImage: { count: { N: '12' }, tags: { SS: ['red', 'green'] }, title: { S: 'Hello' } },
  },
};

const image = (member: object) => ({ dynamodb: { NewImage: member } });

describe('a filter pattern', () => {
  it.each<[string, unknown]>([
    ['one of several values', { eventName: ['MODIFY', 'INSERT'] }],
    ['all of several fields', { eventName: ['INSERT'], dynamodb: { Keys: { pk: { S: ['ROOM#1'] } } } }],
    ['a prefix', { dynamodb: { Keys: { sk: { S: [{ prefix: 'MEMBER#' }] } } } }],
    ['a suffix', { dynamodb: { Keys: { sk: { S: [{ suffix: '#2' }] } } } }],
    ['a text in different case', image({ title: { S: [{ 'equals-ignore-case': 'hELLO' }] } })],
    ['a prefix in different case', image({ title: { S: [{ prefix: { 'equals-ignore-case': 'HE' } }] } })],
    ['anything but some values', { eventName: [{ 'anything-but': ['REMOVE'] }] }],
    ['anything but a prefix', { dynamodb: { Keys: { sk: { S: [{ 'anything-but': { prefix: 'LOG' } }] } } } }],
    ['a field that exists', image({ count: { N: [{ exists: true }] } })],
    ['a field that does not exist', image({ gone: { S: [{ exists: false }] } })],
    ['a number within bounds', image({ count: { N: [{ numeric: ['>', 10, '<=', 12] }] } })],
    ['an element of a list', image({ tags: { SS: ['green'] } })],
    ['one of several alternatives', { $or: [{ eventName: ['REMOVE'] }, image({ count: { N: ['12'] } })] }],
  ])('matches %s', (_what, pattern) => {
    expect(compileFilters([pattern])(record)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['a different value', { eventName: ['REMOVE'] }],
    ['only one of two fields', { eventName: ['INSERT'], dynamodb: { Keys: { pk: { S: ['ROOM#2'] } } } }],
    ['a missing field', image({ gone: { S: ['x'] } })],
    ['anything-but on a missing field', image({ gone: { S: [{ 'anything-but': ['x'] }] } })],
    ['a number outside the bounds', image({ count: { N: [{ numeric: ['<', 12] }] } })],
    ['a text as a number', image({ title: { S: [{ numeric: ['>', 0] }] } })],
    ['an object as a leaf', { dynamodb: { Keys: [{ exists: true }] } }],
    ['a property of Object.prototype', { toString: [{ exists: true }] }],
    ['none of the alternatives', { $or: [{ eventName: ['REMOVE'] }, { eventName: ['MODIFY'] }] }],
  ])('does not match %s', (_what, pattern) => {
    expect(compileFilters([pattern])(record)).toBe(false);
  });

  it('accepts a record when one of several patterns matches, or when there are no patterns', () => {
    expect(compileFilters([{ eventName: ['REMOVE'] }, { eventName: ['INSERT'] }])(record)).toBe(true);
    expect(compileFilters([])(record)).toBe(true);
  });

  it('is rejected when it uses an unsupported condition', () => {
    expect(() => compileFilters([{ eventName: [{ cidr: '10.0.0.0/8' }] }])).toThrow('cidr');
  });
});
