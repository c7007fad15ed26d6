/**
 * Refuses the passwords that are guessed first: common words with the usual decorations, keyboard walks,
 * short numbers, and the user's own names. Case, compatibility forms and digits in place of letters make no
 * difference.
 */
import { foldCase } from '../../contract/names.ts';
import { invalidField } from '../chat-error.ts';
import { commonWords } from './common-words.ts';
import { isKeyboardWalk } from './keyboard-walks.ts';

export interface PasswordOwner {
  username: string;
  /** Empty when the user gave none. */
  email: string;
}

const serviceNames = ['serverless-chat', 'serverless', 'realtime-chat', 'websocket'];

/**
 * Up to this many characters that are not letters, before and after a word, do not make it harder to guess.
 */
const maxDecorationsBefore = 3;
const maxDecorationsAfter = 5;
const longDecorations = new Set(['123456', '1234567', '12345678', '123456789', '1234567890']);
const isDecoration = (text: string): boolean => !/[\p{L}]/u.test(text);

/** Shorter passwords of digits alone, among them all dates, are quickly tried. */
const minDigits = 12;

/**
 * Checks a new password.
 * @throws ChatError `invalid_request` for `field` when the password is easy to guess
 */
export function assertAcceptablePassword(field: string, password: string, owner: PasswordOwner): void {
  if (isCommonPassword(password)) throw invalidField(field, 'is too common');
  if (isMadeOf(password, namesOf(owner)))
    throw invalidField(field, 'must not be your username, your e-mail address or the name of this service');
}

/** Returns whether the password is among those that are guessed first for any user. */
export function isCommonPassword(password: string): boolean {
  const folded = foldCase(password);
  if (/^\d+$/.test(folded) && folded.length < minDigits) return true;
  if (isDigitsWithFewLetters(folded)) return true;
  return isKeyboardWalk(folded) || coresOf(folded).some(isCommonWord);
}

/**
 * Recognizes what rules about character classes lead to, such as `Aa123456!` and `!2024abc`: digits in one
 * block, up to three letters on one side, and signs around them.
 */
function isDigitsWithFewLetters(folded: string): boolean {
  const blocks = folded.match(/\p{L}+|\d+|[^\p{L}\d]+/gu) ?? [];
  const lengthsOf = (kind: RegExp): number[] =>
    blocks.filter((block) => kind.test(block)).map((block) => block.length);
  const [letters, digits, signs] = [lengthsOf(/\p{L}/u), lengthsOf(/\d/), lengthsOf(/^[^\p{L}\d]/u)];
  return (
    folded.length < minDigits &&
    digits.length === 1 &&
    (digits[0] ?? 0) >= 4 &&
    letters.length <= 1 &&
    (letters[0] ?? 0) <= 3 &&
    signs.every((length) => length <= 2)
  );
}

/**
 * Returns whether the core is a common word, or one written twice, with or without digits in place of
 * letters.
 */
function isCommonWord(core: string): boolean {
  const half = core.slice(0, core.length / 2);
  const words = half + half === core ? [core, half] : [core];
  return words.some((word) => spellingsOf(word).some((spelling) => commonWords.has(spelling)));
}

/** Returns whether the password is one of the names, forwards or backwards, with decorations. */
function isMadeOf(password: string, names: readonly string[]): boolean {
  const refused = new Set(
    names.flatMap((name) => [name, Array.from(name).reverse().join('')]).flatMap(spellingsOf),
  );
  return coresOf(foldCase(password)).some((core) =>
    spellingsOf(core).some((spelling) => refused.has(spelling)),
  );
}

function namesOf({ username, email }: PasswordOwner): string[] {
  const [local = ''] = email.split('@');
  return [username, local, email, ...serviceNames].filter((name) => name !== '').map(foldCase);
}

/** Returns every text that remains when decorations are removed from the ends. */
function coresOf(text: string): string[] {
  const cores: string[] = [];
  for (let from = 0; from <= maxDecorationsBefore; from += 1) {
    if (!isDecoration(text.slice(0, from))) break;
    for (let to = text.length; to > from && isDecoration(text.slice(to)); to -= 1) {
      const tail = text.slice(to);
      if (tail.length <= maxDecorationsAfter || longDecorations.has(tail)) cores.push(text.slice(from, to));
    }
  }
  return cores;
}

/**
 * Returns the text as it is, and with letters in place of digits and signs; `1`, `$` and `!` may stand for i
 * or l.
 */
function spellingsOf(text: string): string[] {
  return [text, ...['i', 'l'].map((letterForOne) => withLetters(text, letterForOne))].map(withoutSeparators);
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

const withLetters = (text: string, letterForOne: string): string =>
  text.replace(/[034571@$!|]/g, (sign) => letters[sign] ?? letterForOne);

const withoutSeparators = (text: string): string => text.replace(/[\s._-]/g, '');
