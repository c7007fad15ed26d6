/** Which room names look alike: their skeletons, and words that imitate a script with letters of another one (UTS 39). */
import { foldRoomName } from '../names.ts';
import { lookalikeTable } from './lookalike-table.ts';

let table: ReadonlyMap<string, string> | undefined;

/** Read once, and only where a name is chosen: most invocations never need it. */
function prototypes(): ReadonlyMap<string, string> {
  return (table ??= readTable());
}

function readTable(): Map<string, string> {
  const read = new Map<string, string>();
  for (const group of lookalikeTable.split(';')) {
    const [looksLike = '', members = ''] = group.split(' ');
    let codePoint = 0;
    for (const distance of members.split(',')) {
      codePoint += Number.parseInt(distance, 36);
      read.set(String.fromCodePoint(codePoint), decodePrototype(looksLike));
    }
  }
  return read;
}

function decodePrototype(text: string): string {
  if (!text.startsWith('~')) return text;
  const codePoints = text.slice(1).split('+');
  return String.fromCodePoint(...codePoints.map((codePoint) => Number.parseInt(codePoint, 36)));
}

/** A key takes 2,048 bytes, and a code point up to four. */
const maxSkeletonLength = 500;

/** What a name looks like: the same for two names that a reader takes for one another. */
export function skeletonOf(name: string): string {
  const looks = prototypes();
  const mapped = Array.from(name.normalize('NFD'), (character) => looks.get(character) ?? character).join('');
  const skeleton = foldRoomName(mapped.normalize('NFD').replaceAll('rn', 'm'));
  return Array.from(skeleton).slice(0, maxSkeletonLength).join('');
}

/** Scripts with letters that look like those of another script, and those that are written together. */
const scripts = [
  'Latin Greek Cyrillic Armenian Georgian Hebrew Arabic Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu',
  'Kannada Malayalam Sinhala Thai Lao Tibetan Myanmar Khmer Ethiopic Hangul Hiragana Katakana Bopomofo Han Cherokee',
  'Canadian_Aboriginal Lisu Coptic Deseret Tifinagh Runic Vai Bamum Lycian Carian Old_Italic Osage Elbasan',
  'Warang_Citi Glagolitic Nko Ahom',
].flatMap((line) => line.split(' '));

type Script = string;

let patterns: ReadonlyMap<Script, RegExp> | undefined;

/** Undefined for letters of all scripts and of none that is listed. */
function scriptOf(letter: string): Script | undefined {
  patterns ??= new Map(scripts.map((script) => [script, new RegExp(`^\\p{Script=${script}}$`, 'u')]));
  for (const [script, pattern] of patterns) if (pattern.test(letter)) return script;
  return undefined;
}

/** Scripts that one word may mix: the sets of UTS 39, "Highly Restrictive". */
const writtenTogether: readonly ReadonlySet<Script>[] = [
  new Set(['Latin', 'Han', 'Hiragana', 'Katakana']),
  new Set(['Latin', 'Han', 'Bopomofo']),
  new Set(['Latin', 'Han', 'Hangul']),
];

type LettersByScript = ReadonlyMap<Script, readonly string[]>;

function lettersByScript(text: string): LettersByScript {
  const letters = new Map<Script, string[]>();
  for (const character of text.normalize('NFD')) {
    const script = /\p{L}/u.test(character) ? scriptOf(character) : undefined;
    if (script !== undefined) letters.set(script, [...(letters.get(script) ?? []), character]);
  }
  return letters;
}

/**
 * Whether a name mixes scripts so that it can be taken for one without the mix: all its letters of one script look
 * like letters of another script beside them. `gеneral` with a Cyrillic `е` does, `Привет-room` does not: nobody takes
 * its first word for Latin.
 */
export function mixesLookalikes(name: string): boolean {
  if (/^[\x20-\x7e]*$/.test(name)) return false;
  return imitatesLatin(lettersByScript(name)) || name.split(/[_.-]+/).some(isMixedWord);
}

/** A word that is wholly of another script imitates Latin when there is Latin beside it, as in `раураl-login`. */
function imitatesLatin(letters: LettersByScript): boolean {
  if (!letters.has('Latin') || isWrittenTogether(letters)) return false;
  return [...letters].some(([script, own]) => script !== 'Latin' && own.every(looksPlainLatin));
}

function isMixedWord(word: string): boolean {
  const letters = lettersByScript(word);
  if (letters.size < 2 || isWrittenTogether(letters)) return false;
  return [...letters].some(([script, own]) =>
    [...letters.keys()].some((other) => other !== script && own.every((letter) => looksLike(letter, other))),
  );
}

function isWrittenTogether(letters: LettersByScript): boolean {
  return writtenTogether.some((set) => [...letters.keys()].every((script) => set.has(script)));
}

/** For words that stand apart, in which small capitals would be noticed: `комната-room` imitates nothing. */
function looksPlainLatin(letter: string): boolean {
  return /^[A-Za-z0-9]+$/.test(prototypes().get(letter) ?? letter);
}

/** The capitals in small are what `в`, `н`, `т`, `м` and `к` look like. */
function looksLatin(letter: string): boolean {
  return /^[A-Za-z0-9ʙʜᴛʍĸ]+$/.test(prototypes().get(letter) ?? letter);
}

const looksOf = new Map<Script, ReadonlySet<string>>();

function looksLike(letter: string, script: Script): boolean {
  if (script === 'Latin') return looksLatin(letter);
  const known = looksOf.get(script) ?? looksOfScript(script);
  looksOf.set(script, known);
  return known.has(prototypes().get(letter) ?? letter);
}

function looksOfScript(script: Script): ReadonlySet<string> {
  const pattern = new RegExp(`^\\p{Script=${script}}$`, 'u');
  const looks = [...prototypes()].flatMap(([member, looksLike]) => [
    ...(pattern.test(member) ? [looksLike] : []),
    ...(pattern.test(looksLike) ? [looksLike] : []),
  ]);
  return new Set(looks);
}
