import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldText } from '../../../../shared/domain/search/fold-text.ts';
import { findHighlights, piecesOf } from '../../../../shared/domain/search/highlights.ts';
import { matchesAll, termsOf } from '../../../../shared/domain/search/match-text.ts';
import { mixedText } from './texts.ts';

const marked = (text: string, query: string): string[] =>
  findHighlights(text, termsOf(query)).map(({ start, end }) => text.slice(start, end));

describe('the highlights of a message', () => {
  test.each([
    ['Hello hello', 'hel', ['Hel', 'hel']],
    ['Straße am Fluß', 'strasse fluss', ['Straße', 'Fluß']],
    ['cafe\u0301s', 'café', ['cafe\u0301']],
    ['ｶﾞｰﾃﾞﾝ', 'ガーデン', ['ｶﾞｰﾃﾞﾝ']],
    ['東京と東京', '東京', ['東京', '東京']],
    ['ok 👍🏽!', '👍', ['👍🏽']],
    ['the ﬁnal one', 'fi', ['ﬁ']],
    ['soft\u00adly', 'softly', ['soft\u00adly']],
    ['one two', 'two one', ['one', 'two']],
    ['abcd', 'abc ab', ['abc']],
    ['nothing', 'else', []],
  ])('of %s for %s are %j', (text, query, expected) => {
    expect(marked(text, query)).toEqual(expected);
  });

  test('are at most twenty, the first ones', () => {
    const highlights = findHighlights('x '.repeat(100), ['x']);
    expect(highlights).toHaveLength(20);
    expect(highlights.at(-1)).toEqual({ start: 38, end: 39 });
  });

  test('are in order, apart from each other, within the text and never within a surrogate pair', () => {
    fc.assert(
      fc.property(mixedText, mixedText, (text, other) => {
        const terms = termsOf(`${text.slice(0, 2)} ${other}`.toWellFormed());
        let end = -1;
        for (const highlight of findHighlights(text, terms)) {
          expect(highlight.start).toBeGreaterThan(end);
          expect(highlight.end).toBeGreaterThan(highlight.start);
          expect(text.slice(highlight.start, highlight.end).isWellFormed()).toBe(true);
          end = highlight.end;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 3_000 },
    );
  });

  test('exist for every message that is found by its content', () => {
    fc.assert(
      fc.property(mixedText, fc.nat(), (text, length) => {
        const terms = termsOf(
          Array.from(text)
            .slice(0, 1 + (length % 4))
            .join(''),
        );
        fc.pre(terms.length > 0 && matchesAll([foldText(text)], terms));
        expect(findHighlights(text, terms).length).toBeGreaterThan(0);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('the pieces of a text', () => {
  test('fold, joined, to the folded text', () => {
    fc.assert(
      fc.property(mixedText, (text) => {
        expect(piecesOf(text).join('')).toBe(text);
        expect(piecesOf(text).map(foldText).join('')).toBe(foldText(text));
      }),
      { numRuns: 10_000 },
    );
  });

  test.each(['ㅎㅏㄴ', 'ﾡￂ', '가\u11a8', '가\u200b\u11a8', '\u1100\u200b\u1161', 'か\u200b\u3099'])(
    'of %j, whose letters compose, fold as the whole does',
    (text) => {
      expect(piecesOf(text).map(foldText).join('')).toBe(foldText(text));
    },
  );
});
