import { expect, test } from 'vitest';
import { Content, RoomName } from '../../../shared/contract/identifiers.ts';
import { foldCase, foldRoomName } from '../../../shared/contract/names.ts';

test('the content of a message keeps the white space around it', () => {
  expect(Content.parse('  hello\n')).toBe('  hello\n');
});

test('a room name is normalized to NFKC', () => {
  expect(RoomName.parse('cafe\u0301')).toBe('café');
  expect(RoomName.parse('ｇｅｎｅｒａｌ')).toBe('general');
  expect(RoomName.parse('ﬁn')).toBe('fin');
});

test('the length of a room name is counted in characters after normalization', () => {
  expect(RoomName.safeParse('e\u0301'.repeat(255)).success).toBe(true);
  expect(RoomName.safeParse('𐐷'.repeat(255)).success).toBe(true);
  expect(RoomName.safeParse('𐐷'.repeat(256)).success).toBe(false);
  expect(RoomName.safeParse('ﬁ'.repeat(128)).success).toBe(false);
});

test.each([
  ['General', 'gENERAL'],
  ['STRASSE', 'straße'],
  ['ẞ', 'ß'],
  ['ΣΑΣ', 'σας'],
  ['Общий', 'ОБЩИЙ'],
  ['ﬁn', 'FIN'],
  ['CAFÉ', 'cafe\u0301'],
])('the room names %s and %s are equal', (one, other) => {
  expect(foldRoomName(one)).toBe(foldRoomName(other));
});

test.each(['General', 'straße', 'ẞ', 'ΣΑΣ', 'İstanbul', 'ﬁn', 'ǅ', 'ŉ'])(
  'folding the room name %s twice gives the same result as folding it once',
  (name) => {
    expect(foldRoomName(foldRoomName(name))).toBe(foldRoomName(name));
  },
);

test('usernames and e-mail addresses are equal regardless of case', () => {
  expect(foldCase('Ann@Example.COM')).toBe(foldCase('ann@example.com'));
  expect(foldCase('ann')).not.toBe(foldCase('bob'));
});

test('the white space around the content of a message is limited, too', () => {
  const around = (spaces: number) => `${' '.repeat(spaces)}${'x'.repeat(4_000)}`;
  expect(Content.safeParse(around(4_000)).success).toBe(true);
  expect(Content.safeParse(around(4_001)).success).toBe(false);
  expect(Content.safeParse(`x${'\n'.repeat(8_000)}`).success).toBe(false);
});
