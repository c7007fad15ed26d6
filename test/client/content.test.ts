import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assertSendable } from '../../client/src/room/content.ts';
import { Content } from '../../shared/contract/identifiers.ts';

const isSendable = (content: string): boolean => {
  try {
    assertSendable(content);
    return true;
  } catch {
    return false;
  }
};

/** Characters on both sides of each rule, and pieces that reach the limits of length and size. */
const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom(
    'a',
    ' ',
    '\t',
    '\n',
    '\u0000',
    '\u007f',
    '\u0085',
    '\u200b',
    '\u2800',
    '\ud800',
    '\u0301',
    '👩‍🚀',
  ),
  fc.constantFrom(' '.repeat(4_001), 'x'.repeat(3_999), '漢'.repeat(3_999), '"'.repeat(3_999)),
);

describe('the client’s rule for content', () => {
  test.each([
    ['no text', ''],
    ['white space only', ' \n\t '],
    ['one character too many', 'x'.repeat(4_001)],
    ['too much white space around it', `x${' '.repeat(8_000)}`],
    ['a lone surrogate', 'half \ud83d'],
    ['a control character', 'bell\u0007'],
    ['a C1 control character', 'next line\u0085'],
    ['invisible characters only', '\u200b\u2060\u3164'],
    ['too many bytes', `${'\n'.repeat(1_990)}${'漢'.repeat(4_000)}${'\n'.repeat(1_990)}`],
  ])('refuses content with %s, as the server does', (_, content) => {
    expect(() => assertSendable(content)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    expect(Content.safeParse(content).success).toBe(false);
  });

  test('accepts exactly what the server accepts', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => {
        const content = pieces.join('');
        expect(isSendable(content)).toBe(Content.safeParse(content).success);
      }),
      { numRuns: 2_000 },
    );
  });
});
