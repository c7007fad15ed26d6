/** Which names a new room can have, and which names look alike. */
import { describe, expect, test } from 'vitest';
import { NewRoomName, RoomName } from '../../../shared/contract/identifiers.ts';
import { explainInvalidRoomName } from '../../../shared/contract/room-names/choosing.ts';
import { skeletonOf } from '../../../shared/contract/room-names/lookalikes.ts';

const id = '3f1c2a52-8d1e-4f0b-9a57-2c6d0e4b7a11';
const codePoint = (name: string) => `U+${name.codePointAt(0)!.toString(16).toUpperCase()}`;

/** The default-ignorable characters of Unicode, and four others that are invisible. */
function invisibleCharacters(): string[] {
  const blank = [0x13441, 0x13442, 0x16fe4, 0x1107f].map((point) => String.fromCodePoint(point));
  for (let point = 0; point < 0x110000; point += 1) {
    if (point >= 0xd800 && point < 0xe000) continue;
    const character = String.fromCodePoint(point);
    if (/\p{Default_Ignorable_Code_Point}/u.test(character)) blank.push(character);
  }
  return blank;
}

describe('the name of a new room', () => {
  test('cannot contain an invisible character', () => {
    const accepted = invisibleCharacters().filter((character) =>
      [`general${character}`, `gen${character}eral`, character].some(
        (name) => NewRoomName.safeParse(name).success,
      ),
    );
    expect(accepted.map(codePoint)).toEqual([]);
  });

  test.each([
    ['a Hangul filler', 'general\u3164'],
    ['a half-width Hangul filler', 'general\uffa0'],
    ['a combining grapheme joiner', 'general\u034f'],
    ['a variation selector', 'general\ufe0f'],
    ['a supplementary variation selector', 'general\u{e0100}'],
    ['a Khmer inherent vowel', 'general\u17b4'],
    ['a Mongolian variation selector', 'general\u180b'],
    ['nothing but fillers', '\u115f\u1160'],
    ['nothing but marks', '\u0301\u0302'],
    ['a mark in front', '\u0301general'],
    ['a mark on a separator', 'general-\u0301'],
    ['five marks in a row', 'g\u0316\u0317\u0318\u0319\u031ceneral'],
    ['five marks, one of them composed', 'e\u0301\u0302\u0303\u0304\u0305'],
    ['a mark twice', 'general\u0307\u0307'],
    ['one dot', '.'],
    ['two dots', '..'],
    ['two dots that NFKC makes', '\u2025'],
    ['an id', id],
    ['an id in capitals', id.toUpperCase()],
    ['an id without dashes', id.replaceAll('-', '')],
    ['an id with underscores', id.replaceAll('-', '_')],
    ['an id in full width', id.replaceAll('1', '１')],
    ['an id with a Cyrillic а', id.replaceAll('a', 'а')],
    ['dm_ behind an invisible character', 'd\u034fm_ann'],
    ['dm and an invisible character', 'dm\u034f_ann'],
    ['dm_ with a full-width low line', 'dm\uff3fann'],
    ['dm_ with a modifier low line', 'dm\u02cdann'],
    ['dm_ with a tatweel', 'dm\u0640ann'],
    ['dm_ with a Cyrillic letter', '\u0501m_ann'],
    ['dm_ with r and n', 'drn_ann'],
    ['a Cyrillic letter in a Latin word', 'gеneral'],
    ['Greek letters in a Latin word', 'gοοgle'],
    ['an Armenian letter in a Latin word', 'ցeneral'],
    ['a Cherokee letter in a Latin word', 'Ꮐeneral'],
    ['a Latin letter in a Cyrillic word', 'Привeт'],
    ['a Greek letter in a Cyrillic word', 'Приветο'],
    ['small capitals of another script', 'нетroom'],
    ['a Cyrillic word that imitates Latin beside a Latin one', 'раураl-login'],
    ['a mixed word beside a Cyrillic one', 'чат-gеneral'],
  ])('is invalid with %s', (_, name) => {
    expect(NewRoomName.safeParse(name).success).toBe(false);
    expect(explainInvalidRoomName(name.normalize('NFKC'))).toMatch(/^must not /);
  });

  test.each([
    ['Latin', 'Grüße-2026'],
    ['Vietnamese', 'Việt_Nam'],
    ['Cyrillic', 'общий.чат'],
    ['Cyrillic letters that are all shared with Latin', 'сор'],
    ['Greek', 'Ελλάδα'],
    ['Arabic', 'غرفة'],
    ['Hebrew with points', 'שָׁלוֹם'],
    ['Devanagari', 'हिन्दी'],
    ['Tibetan', 'བསྒྲུབས'],
    ['Khmer', 'ភាសាខ្មែរ'],
    ['Thai', 'ห้องน้ำ'],
    ['Korean and Latin', '한국어room'],
    ['Japanese and Latin', '東京カフェlounge'],
    ['Cyrillic and Latin words that do not look alike', 'Привет-room'],
    ['a Russian word whose letters look like small capitals, and a Latin word', 'комната.room'],
    ['three dots', '...'],
    ['dm', 'dm'],
    ['half of an id', id.slice(0, 18)],
    ['an id and more', `room-${id}`],
  ])('is valid: %s', (_, name) => {
    expect(NewRoomName.safeParse(name).error).toBeUndefined();
  });

  test('follows stricter rules than the name of a room that is looked up', () => {
    for (const name of ['gеneral', 'general\u3164', '..', id]) {
      expect(RoomName.safeParse(name).success).toBe(true);
    }
  });
});

describe('names that look alike', () => {
  test.each([
    ['paypal', 'раураӏ'.replace('ӏ', 'Ӏ')],
    ['general', 'generaI'],
    ['general', 'genera1'],
    ['room0', 'roomO'],
    ['modern', 'modem'],
    ['note', 'ΝΟΤΕ'],
    ['scope', 'ѕсоре'],
    ['人口', '人ロ'],
    ['ɡeneral', 'general'],
  ])('%s and %s have the same skeleton', (one, other) => {
    expect(skeletonOf(one)).toBe(skeletonOf(other));
  });

  test.each([
    ['general', 'generel'],
    ['нет', 'het'],
    ['straße', 'strase'],
    ['o', 'ø'],
    ['room2', 'room3'],
  ])('%s and %s have different skeletons', (one, other) => {
    expect(skeletonOf(one)).not.toBe(skeletonOf(other));
  });

  test('most names in lower case equal their skeleton', () => {
    for (const name of ['general', 'dev-team', 'straße', 'under_score.dotted', 'café']) {
      expect(skeletonOf(name)).toBe(name.replace('ß', 'ss'));
    }
  });

  test('the skeleton of the longest names fits into a key', () => {
    for (const letter of ['ᾂ', 'ꝏ', '𐐩', 'ﬃ', 'ǁ']) {
      const longest = RoomName.parse(letter.repeat(85));
      expect(Buffer.byteLength(skeletonOf(longest.repeat(3)))).toBeLessThan(2_040);
    }
  });
});
