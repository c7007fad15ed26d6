/**
 * Passwords that are guessed first, and so refused: common words with the usual decorations, walks over the keyboard,
 * digits alone, and what a user is called. Judged without regard to case, compatibility forms and digits for letters.
 */
import { foldCase } from '../../contract/names.ts';
import { invalidField } from '../chat-error.ts';
import { commonWords } from './common-words.ts';
import { isKeyboardWalk } from './keyboard-walks.ts';

export interface PasswordOwner {
  username: string;
  /** Empty for none. */
  email: string;
}

const serviceNames = ['serverless-chat', 'serverless', 'realtime-chat', 'websocket'];

/** In front of a word, and behind it, so many characters that are no letters add nothing. */
const decorationsBefore = 3;
const decorationsAfter = 5;
const longDecorations = new Set(['123456', '1234567', '12345678', '123456789', '1234567890']);
const isDecoration = (text: string): boolean => !/[\p{L}]/u.test(text);

/** Digits alone, dates among them, are gone through in no time up to this length. */
const digitsTooFew = 12;

/** Throws `invalid_request` for that field. */
export function assertAcceptablePassword(field: string, password: string, owner: PasswordOwner): void {
  if (isCommonPassword(password)) throw invalidField(field, 'is too common');
  if (isMadeOf(password, namesOf(owner)))
    throw invalidField(field, 'must not be the username, the e-mail address or the name of this service');
}

export function isCommonPassword(password: string): boolean {
  const folded = foldCase(password);
  if (/^\d+$/.test(folded) && folded.length < digitsTooFew) return true;
  if (isDigitsWithFewLetters(folded)) return true;
  return isKeyboardWalk(folded) || coresOf(folded).some(isCommonWord);
}

/**
 * What rules about kinds of characters lead to: `Aa123456!`, `!2024abc`. Digits in one piece, up to three letters on one
 * side, and signs between and around them.
 */
function isDigitsWithFewLetters(folded: string): boolean {
  const blocks = folded.match(/\p{L}+|\d+|[^\p{L}\d]+/gu) ?? [];
  const lengthOf = (kind: RegExp): number[] =>
    blocks.filter((block) => kind.test(block)).map((block) => block.length);
  const [letters, digits, signs] = [lengthOf(/\p{L}/u), lengthOf(/\d/), lengthOf(/^[^\p{L}\d]/u)];
  return (
    folded.length < digitsTooFew &&
    digits.length === 1 &&
    (digits[0] ?? 0) >= 4 &&
    letters.length <= 1 &&
    (letters[0] ?? 0) <= 3 &&
    signs.every((length) => length <= 2)
  );
}

/** Once, or twice in a row, with digits for letters or without. */
function isCommonWord(core: string): boolean {
  const half = core.slice(0, core.length / 2);
  const words = half + half === core ? [core, half] : [core];
  return words.some((word) => spellingsOf(word).some((spelling) => commonWords.has(spelling)));
}

function isMadeOf(password: string, names: readonly string[]): boolean {
  const known = new Set(
    names.flatMap((name) => [name, Array.from(name).reverse().join('')]).flatMap(spellingsOf),
  );
  return coresOf(foldCase(password)).some((core) =>
    spellingsOf(core).some((spelling) => known.has(spelling)),
  );
}

function namesOf({ username, email }: PasswordOwner): string[] {
  const [local = ''] = email.split('@');
  return [username, local, email, ...serviceNames].filter((name) => name !== '').map(foldCase);
}

/** The text without decorations at its ends, in every way in which they can be told from it. */
function coresOf(text: string): string[] {
  const cores: string[] = [];
  for (let from = 0; from <= decorationsBefore; from += 1) {
    if (!isDecoration(text.slice(0, from))) break;
    for (let to = text.length; to > from && isDecoration(text.slice(to)); to -= 1) {
      const tail = text.slice(to);
      if (tail.length <= decorationsAfter || longDecorations.has(tail)) cores.push(text.slice(from, to));
    }
  }
  return cores;
}

/** As it is, and with letters for the digits and signs that stand for them, the 1 for either of its two. */
function spellingsOf(text: string): string[] {
  return [text, ...['i', 'l'].map((one) => withLetters(text, one))].map(withoutSeparators);
}

const letters: Readonly<Record<string, string>> = {
  '0': 'o',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
};

const withLetters = (text: string, one: string): string =>
  text.replace(/[034571@$!|]/g, (sign) => letters[sign] ?? one);

const withoutSeparators = (text: string): string => text.replace(/[\s._-]/g, '');
