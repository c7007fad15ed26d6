import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldText } from '../../../../shared/domain/search/fold-text.ts';
import { mixedText } from './texts.ts';

describe('folded text', () => {
  test.each([
    ['STRASSE', 'straße'],
    ['STRAẞE', 'straße'],
    ['ΟΔΟΣ', 'οδος'],
    ['İstanbul', 'istanbul'],
    ['ISI', 'ısı'],
    ['résumé', 'RESUME'],
    ['Łódź', 'lodz'],
    ['Æsir', 'aesir'],
    ['ёлка', 'ЕЛКА'],
    ['שָׁלוֹם', 'שלום'],
    ['مُحَمَّد', 'محمد'],
    ['ＡＢＣ１', 'abc1'],
    ['ｶﾞｰﾃﾞﾝ', 'ガーデン'],
    ['ﬁn', 'FIN'],
    ['한', '\u1112\u1161\u11ab'],
    ['it’s', "it's"],
    ['1914–1918', '1914-1918'],
    ['soft\u00adhyphen', 'softhyphen'],
    ['zero\u200bwidth', 'zerowidth'],
    ['❤️', '❤'],
  ])('of %s and %s is the same', (one, other) => {
    expect(foldText(one)).toBe(foldText(other));
  });

  test.each([
    ['ガ', 'カ'],
    ['ぱ', 'は'],
    ['कि', 'का'],
    ['ไม้', 'ไม'],
    ['a', 'b'],
    ['1', '2'],
  ])('of %s and %s differs', (one, other) => {
    expect(foldText(one)).not.toBe(foldText(other));
  });

  test('does not change when it is folded again', () => {
    fc.assert(
      fc.property(mixedText, (text) => {
        expect(foldText(foldText(text))).toBe(foldText(text));
      }),
      { numRuns: 5_000 },
    );
  });

  test('is the same for a text in every normal form and in both cases', () => {
    const latin = fc.stringMatching(/^[a-zA-Z0-9À-ÖØ-öø-ſ ]{1,12}$/);
    fc.assert(
      fc.property(latin, (text) => {
        const folded = foldText(text);
        for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'])
          expect(foldText(text.normalize(form))).toBe(folded);
        expect(foldText(text.toUpperCase())).toBe(folded);
      }),
      { numRuns: 2_000 },
    );
  });

  test('keeps 30 marks of one character, since putting thousands into their order takes long', () => {
    const marks = '\u093c\u094d'.repeat(2_000);
    expect(foldText(`क${marks}`)).toHaveLength(31);
    expect(foldText(`क${marks}`)).toBe(foldText(`क${marks}${marks}`));
  });
});
