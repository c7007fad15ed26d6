/** Recognizes passwords made of keyboard walks, runs of letters or digits, and repetitions. */

/** Sequences of keys, each walked in either direction. */
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

/** For each symbol above a digit on a US keyboard, the digit on the same key. */
const shifted: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from('!@#$%^&*()', (symbol, index) => [symbol, '1234567890'.charAt(index)]),
);

/** A shorter stretch of a path does not count as a walk. */
const minStretch = 3;
/** Up to this many other characters around a walk do not make it harder to guess: `qwerty12`, `a1234567`. */
const maxOther = 2;
/** The longest group of characters whose repetition is recognized. */
const maxUnit = 6;

/** Returns whether the text, given in lower case, is a keyboard walk or a repetition. */
export function isKeyboardWalk(text: string): boolean {
  const plain = Array.from(text, (character) => shifted[character] ?? character).join('');
  if (isRepetition(text)) return true;
  const starts = Array.from({ length: maxOther + 1 }, (_, start) => start);
  return [text, plain].some((keys) =>
    starts.some((start) => consistsOfWalks(keys.slice(start), maxOther - start)),
  );
}

/**
 * Returns whether the text repeats a group of up to six characters; the last repetition may be incomplete.
 */
function isRepetition(text: string): boolean {
  const characters = Array.from(text);
  return Array.from(
    { length: Math.min(maxUnit, Math.floor(characters.length / 2)) },
    (_, index) => index + 1,
  ).some((unit) => characters.every((character, index) => character === characters[index % unit]));
}

/**
 * Returns whether the text consists of stretches of the paths, taken greedily, followed by at most
 * `maxRest` other characters.
 */
function consistsOfWalks(text: string, maxRest: number): boolean {
  let rest = text;
  while (rest.length > maxRest) {
    const stretch = longestStretch(rest);
    if (stretch < minStretch) return false;
    rest = rest.slice(stretch);
  }
  return true;
}

/** Returns how many of the first characters follow one path. */
function longestStretch(text: string): number {
  let length = 0;
  while (length < text.length && isOnPath(text.slice(0, length + 1))) length += 1;
  return length;
}

/** One key that is held down counts as a path too. */
const isOnPath = (text: string): boolean =>
  paths.some((path) => path.includes(text)) || text === text.charAt(0).repeat(text.length);
