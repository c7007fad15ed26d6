import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldText } from '../../../../shared/domain/search/fold-text.ts';
import { matchesAll, termsOf } from '../../../../shared/domain/search/match-text.ts';
import { mixedText } from './texts.ts';

const finds = (query: string, ...texts: string[]): boolean => matchesAll(texts.map(foldText), termsOf(query));

describe('the words of a query', () => {
  test.each([
    ['Hello  World', ['hello', 'world']],
    ['"quoted," words!', ['quoted', 'words']],
    ['C++ (draft)', ['c++', 'draft']],
    ['again again', ['again']],
    ['...', ['...']],
    ['👍 ok', ['👍', 'ok']],
    ['全角　空白', ['全角', '空白']],
    [' \u200b ', []],
  ])('of %j are %j', (query, terms) => {
    expect(termsOf(query)).toEqual(terms);
  });

  test('are at most ten', () => {
    expect(termsOf('a b c d e f g h i j')).toHaveLength(10);
    expect(() => termsOf('a b c d e f g h i j k')).toThrow(
      expect.objectContaining({ code: 'invalid_request', fields: [expect.objectContaining({ path: 'q' })] }),
    );
  });
});

describe('a query', () => {
  test.each([
    ['hell', 'Hello world'],
    ['world hello', 'Hello world'],
    ['world', 'hello,world'],
    ['été', "l'été dernier"],
    ['tag', '#tag'],
    ['c++', 'I like C++.'],
    ['user', 'user_name'],
    ['東京', '私は東京に住んでいます'],
    ['タワー', '東京タワー'],
    ['กรุงเทพ', 'ไปกรุงเทพพรุ่งนี้'],
    ['abc', '東京abc'],
    ['👍', 'ok👍🏽'],
    ['ok', '👍ok'],
    ['한국', '대한민국 한국어'],
    ['...', 'wait...'],
    ['дом', 'Дома'],
    ['naive', 'naïve'],
  ])('%s is found in %s', (query, text) => {
    expect(finds(query, text)).toBe(true);
  });

  test.each([
    ['ello', 'Hello world'],
    ['name', 'user_name'],
    ['bye hello', 'Hello world'],
    ['hello', ''],
    ['カ', 'ガーデン'],
    ['국', '한국'],
    ['é́x', 'e'],
  ])('%s is not found in %s', (query, text) => {
    expect(finds(query, text)).toBe(false);
  });

  test('is found when its words are in different texts of one message', () => {
    expect(finds('plan station', 'the plan', 'the way to the station')).toBe(true);
    expect(finds('plan station', 'the plan', 'the way')).toBe(false);
  });

  test('that is the start of any word of a text is found in it', () => {
    const words = fc.array(mixedText, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(words, fc.nat(), fc.nat(), (parts, choice, length) => {
        const text = foldText(parts.join(' '));
        const all = text.split(/\s+/u).filter((word) => word !== '');
        const characters = Array.from(all[choice % Math.max(1, all.length)] ?? '');
        const start = characters.slice(0, 1 + (length % Math.max(1, characters.length))).join('');
        // A prefix that begins with a mark composes with what is before it.
        fc.pre(start !== '' && foldText(start) === start);
        expect(matchesAll([text], [start])).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });
});
