/**
 * Finds where the words of a query stand in a text as it was written. Folding changes lengths, so the text is cut into
 * pieces that fold alone as they fold together, and a place in the folded text leads back to the piece that it comes from.
 */
import type { Highlight } from '../../contract/search.ts';
import * as limits from '../../contract/limits.ts';
import { foldText } from './fold-text.ts';
import { occurrenceOf } from './match-text.ts';

/** Characters that change the one before them, those that nothing shows, and the half-width voicing marks of kana. */
const extending = String.raw`[\p{M}\p{Default_Ignorable_Code_Point}\p{Cf}\uff9e\uff9f]*`;

/** Single letters of Hangul, which compose with each other and with a syllable before them. */
const jamo = String.raw`[\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\ud7b0-\ud7fb\uffa0-\uffdc]`;

const pieces = new RegExp(`[\uac00-\ud7a3]?${extending}(?:${jamo}${extending})+|[^]${extending}`, 'gu');

/** Returns the pieces of a text. Their folded texts, joined, are the folded text of the whole. */
export const piecesOf = (text: string): string[] => text.match(pieces) ?? [];

/** Extends highlights to what people see as one character, such as an emoji with its skin tone. */
const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

interface FoldedPieces {
  folded: string;
  /** For each UTF-16 unit of the folded text, where the piece that it comes from begins and ends in the text. */
  starts: number[];
  ends: number[];
}

function foldPieces(text: string): FoldedPieces {
  const starts: number[] = [];
  const ends: number[] = [];
  // Most texts have few different pieces, and folding one takes microseconds.
  const known = new Map<string, string>();
  let folded = '';
  let at = 0;
  for (const piece of piecesOf(text)) {
    const part = known.get(piece) ?? foldText(piece);
    known.set(piece, part);
    folded += part;
    for (let unit = 0; unit < part.length; unit += 1) {
      starts.push(at);
      ends.push(at + piece.length);
    }
    at += piece.length;
  }
  return { folded, starts, ends };
}

/** Returns the first places where a term occurs, in UTF-16 units, in their order and without overlaps. */
export function findHighlights(text: string, terms: readonly string[]): Highlight[] {
  const { folded, starts, ends } = foldPieces(text);
  const found = terms.flatMap((term) => placesOf(term, folded)).sort((a, b) => a.start - b.start);
  const segments = characters.segment(text);
  const highlights: Highlight[] = [];
  for (const { start, end } of found) {
    const [from, to] = [starts[start] ?? 0, ends[end - 1] ?? 0];
    const first = segments.containing(from);
    const last = segments.containing(to - 1);
    if (first === undefined || last === undefined) continue;
    const highlight = { start: first.index, end: last.index + last.segment.length };
    const previous = highlights.at(-1);
    if (previous !== undefined && highlight.start <= previous.end)
      previous.end = Math.max(previous.end, highlight.end);
    else if (highlights.length === limits.searchHighlights) break;
    else highlights.push(highlight);
  }
  return highlights;
}

/** More places than this may merge into fewer highlights than a message shows. That is good enough for a long run of them. */
const maxPlaces = 200;

function placesOf(term: string, folded: string): Highlight[] {
  const places: Highlight[] = [];
  for (
    let at = occurrenceOf(term, folded, 0);
    at !== -1 && places.length < maxPlaces;
    at = occurrenceOf(term, folded, at + term.length)
  ) {
    places.push({ start: at, end: at + term.length });
  }
  return places;
}
