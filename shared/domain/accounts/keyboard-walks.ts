/** Passwords that fingers make and nobody thinks of: rows of keys, runs of letters, the same again and again. */

/** Along each of these, in either direction. */
const paths = [
  '01234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'yxcvbnm',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'qazwsxedcrfvtgbyhnujmikolp',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
  'a1b2c3d4e5f6g7h8i9j0',
  '1a2b3c4d5e6f7g8h9i0j',
  'qaz',
  'wsx',
  'edc',
  '147258369',
  '159357',
  '753951',
  '789456123',
  '11223344556677889900',
  'aabbccddeeffgg',
].flatMap((path) => [path, Array.from(path).reverse().join('')]);

/** What the digits are with Shift held down, on the commonest keyboard. */
const shifted: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from('!@#$%^&*()', (symbol, at) => [symbol, '1234567890'.charAt(at)]),
);

const minStep = 3;
/** Around a walk so much of anything is no thought either: `qwerty12`, `a1234567`. */
const maxRest = 2;
const maxUnit = 6;

/** `text` in lower case. */
export function isKeyboardWalk(text: string): boolean {
  const plain = Array.from(text, (character) => shifted[character] ?? character).join('');
  if (isRepetition(text)) return true;
  const starts = Array.from({ length: maxRest + 1 }, (_, start) => start);
  return [text, plain].some((keys) => starts.some((start) => walks(keys.slice(start), maxRest - start)));
}

/** The same few characters again and again, the last time perhaps in part. */
function isRepetition(text: string): boolean {
  const characters = Array.from(text);
  return Array.from({ length: Math.min(maxUnit, Math.floor(characters.length / 2)) }, (_, at) => at + 1).some(
    (unit) => characters.every((character, at) => character === characters[at % unit]),
  );
}

/** Whether it is stretches of the paths, the longest one first each time, and at most so much that is not. */
function walks(text: string, most: number): boolean {
  let rest = text;
  while (rest.length > most) {
    const step = maxStep(rest);
    if (step < minStep) return false;
    rest = rest.slice(step);
  }
  return true;
}

function maxStep(text: string): number {
  let length = 0;
  while (length < text.length && isOnPath(text.slice(0, length + 1))) length += 1;
  return length;
}

/** A key that is held down is a path as well. */
const isOnPath = (text: string): boolean =>
  paths.some((path) => path.includes(text)) || text === text.charAt(0).repeat(text.length);
