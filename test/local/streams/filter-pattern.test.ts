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
    ['a text in another case', image({ title: { S: [{ 'equals-ignore-case': 'hELLO' }] } })],
    ['a prefix in another case', image({ title: { S: [{ prefix: { 'equals-ignore-case': 'HE' } }] } })],
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
    ['another value', { eventName: ['REMOVE'] }],
    ['one field of two', { eventName: ['INSERT'], dynamodb: { Keys: { pk: { S: ['ROOM#2'] } } } }],
    ['a field that is missing', image({ gone: { S: ['x'] } })],
    ['anything but, of a field that is missing', image({ gone: { S: [{ 'anything-but': ['x'] }] } })],
    ['a number out of bounds', image({ count: { N: [{ numeric: ['<', 12] }] } })],
    ['a number where there is a text', image({ title: { S: [{ numeric: ['>', 0] }] } })],
    ['a branch as if it were a leaf', { dynamodb: { Keys: [{ exists: true }] } }],
    ['a member that only the prototype has', { toString: [{ exists: true }] }],
    ['no alternative', { $or: [{ eventName: ['REMOVE'] }, { eventName: ['MODIFY'] }] }],
  ])('does not match %s', (_what, pattern) => {
    expect(compileFilters([pattern])(record)).toBe(false);
  });

  it('lets a record pass when one of several matches, or when there is none', () => {
    expect(compileFilters([{ eventName: ['REMOVE'] }, { eventName: ['INSERT'] }])(record)).toBe(true);
    expect(compileFilters([])(record)).toBe(true);
  });

  it('is refused when it uses a condition that is not known', () => {
    expect(() => compileFilters([{ eventName: [{ cidr: '10.0.0.0/8' }] }])).toThrow('cidr');
  });
});
