import { describe, expect, test } from 'vitest';
import { wholeNumber } from '../../../shared/contract/identifiers.ts';

describe('a whole number in a query', () => {
  const number = wholeNumber(0, Number.MAX_SAFE_INTEGER);

  test.each([
    ['0', 0],
    ['007', 7],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('is read from %s as %i', (text, value) => {
    expect(number.parse(text)).toBe(value);
  });

  test.each([
    '',
    ' ',
    '1 ',
    '+1',
    '-1',
    '-0',
    '1.0',
    '1e3',
    '0x10',
    '1,2',
    'NaN',
    'Infinity',
    '٣',
    '1_000',
    'true',
  ])('cannot be %j', (text) => {
    expect(number.safeParse(text).success).toBe(false);
  });

  test.each(['9007199254740992', '9'.repeat(16), '9'.repeat(400)])('cannot be as large as %s', (text) => {
    expect(number.safeParse(text).success).toBe(false);
  });

  test('cannot be another type or out of its bounds', () => {
    for (const value of [1, null, true, [], {}, ['1']]) expect(number.safeParse(value).success).toBe(false);
    expect(wholeNumber(1, 100).safeParse('0').success).toBe(false);
    expect(wholeNumber(1, 100).safeParse('101').success).toBe(false);
  });
});
