/** Finds room names that look alike (UTS 39): skeletons of names, and names that imitate another by mixing scripts. */
import { foldRoomName } from '../names.ts';
import { lookalikeTable } from './lookalike-table.ts';

let table: ReadonlyMap<string, string> | undefined;

/** Parsed on first use, since most invocations do not need it. */
function prototypes(): ReadonlyMap<string, string> {
  return (table ??= parseTable());
}

function parseTable(): Map<string, string> {
  const parsed = new Map<string, string>();
  for (const group of lookalikeTable.split(';')) {
    const [looksLike = '', members = ''] = group.split(' ');
    let codePoint = 0;
    for (const distance of members.split(',')) {
      codePoint += Number.parseInt(distance, 36);
      parsed.set(String.fromCodePoint(codePoint), decodePrototype(looksLike));
    }
  }
  return parsed;
}

function decodePrototype(text: string): string {
  if (!text.startsWith('~')) return text;
  const codePoints = text.slice(1).split('+');
  return String.fromCodePoint(...codePoints.map((codePoint) => Number.parseInt(codePoint, 36)));
}

/** A partition key can have 2,048 bytes, and a code point takes up to four. */
const maxSkeletonLength = 500;

/** Returns the skeleton of a name, which is the same for two names that look alike. */
export function skeletonOf(name: string): string {
  const looks = prototypes();
  const mapped = Array.from(name.normalize('NFD'), (character) => looks.get(character) ?? character).join('');
  const skeleton = foldRoomName(mapped.normalize('NFD').replaceAll('rn', 'm'));
  return Array.from(skeleton).slice(0, maxSkeletonLength).join('');
}

/** Scripts that have letters which look like letters of another script, and scripts that are commonly mixed. */
const scripts = [
  'Latin Greek Cyrillic Armenian Georgian Hebrew Arabic Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu',
  'Kannada Malayalam Sinhala Thai Lao Tibetan Myanmar Khmer Ethiopic Hangul Hiragana Katakana Bopomofo Han Cherokee',
  'Canadian_Aboriginal Lisu Coptic Deseret Tifinagh Runic Vai Bamum Lycian Carian Old_Italic Osage Elbasan',
  'Warang_Citi Glagolitic Nko Ahom',
].flatMap((line) => line.split(' '));

type Script = string;

let patterns: ReadonlyMap<Script, RegExp> | undefined;

/** Returns the script of a letter; undefined for letters that belong to several scripts or to one that is not listed. */
function scriptOf(letter: string): Script | undefined {
  patterns ??= new Map(scripts.map((script) => [script, new RegExp(`^\\p{Script=${script}}$`, 'u')]));
  for (const [script, pattern] of patterns) if (pattern.test(letter)) return script;
  return undefined;
}

/** Sets of scripts that one word may mix: the "Highly Restrictive" level of UTS 39. */
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
 * Whether a name mixes scripts so that it looks like a name in one script: all of its letters of one script look like
 * letters of another script in the name. `gеneral` with a Cyrillic `е` does; `Привет-room` does not, since `Привет` does
 * not look like a Latin word.
 */
export function mixesLookalikes(name: string): boolean {
  if (/^[\x20-\x7e]*$/.test(name)) return false;
  return imitatesLatin(lettersByScript(name)) || name.split(/[_.-]+/).some(isMixedWord);
}

/** Whether a word in another script imitates Latin in a name that also has Latin words, as in `раураl-login`. */
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

/** Without small capitals, which would be noticed in a whole word: `комната-room` does not imitate a Latin name. */
function looksPlainLatin(letter: string): boolean {
  return /^[A-Za-z0-9]+$/.test(prototypes().get(letter) ?? letter);
}

/** Includes the small capitals, which `в`, `н`, `т`, `м` and `к` look like. */
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
