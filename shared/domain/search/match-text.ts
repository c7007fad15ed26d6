/** Finds the words of a query in folded text: at the beginning of a word, or anywhere in scripts without spaces. */
import * as limits from '../../contract/limits.ts';
import { invalidField } from '../chat-error.ts';
import { foldText } from './fold-text.ts';

/** Letters, digits and what belongs to them. Before a word there is none of them. */
const wordCharacter = /[\p{L}\p{N}\p{M}_]/u;

/** Characters of scripts that put no space between words. */
const withoutSpaces =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}]/u;

const punctuationAround = /^\p{P}+|\p{P}+$/gu;

/**
 * Returns the folded words of a query, without the punctuation around them, each of them once.
 * @throws ChatError `invalid_request` for more words than a query may have
 */
export function termsOf(query: string): string[] {
  const words = foldText(query)
    .split(/\s+/u)
    .filter((word) => word !== '');
  const terms = [...new Set(words.map((word) => word.replace(punctuationAround, '') || word))];
  if (terms.length > limits.searchTerms)
    throw invalidField('q', `must have at most ${limits.searchTerms} words`);
  return terms;
}

/** Returns whether every term occurs in one of the folded texts. */
export const matchesAll = (texts: readonly string[], terms: readonly string[]): boolean =>
  terms.every((term) => texts.some((text) => occurrenceOf(term, text, 0) !== -1));

/** Returns where a term first occurs in a folded text at or after `from`; -1 when it does not. */
export function occurrenceOf(term: string, text: string, from: number): number {
  const isAnywhere = !needsWordStart(term);
  for (let at = text.indexOf(term, from); at !== -1; at = text.indexOf(term, at + 1)) {
    if (isAnywhere || at === 0 || !needsWordStart(characterBefore(text, at))) return at;
  }
  return -1;
}

/** Whether a character continues the word before it. Symbols and emoji do not, and neither do scripts without spaces. */
function needsWordStart(text: string): boolean {
  const character = String.fromCodePoint(text.codePointAt(0) ?? 0);
  return wordCharacter.test(character) && !withoutSpaces.test(character);
}

function characterBefore(text: string, at: number): string {
  const last = text.charAt(at - 1);
  return /[\udc00-\udfff]/.test(last) ? text.slice(at - 2, at) : last;
}
