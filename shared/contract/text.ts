/** Which characters text may hold that one user writes and others are shown. Names have rules of their own. */
import * as z from 'zod';
import { hasControlCharacter } from './characters.ts';

/** Text without lone surrogates, which UTF-8 cannot carry. */
export const WellFormedText = z
  .string()
  .refine((text) => text.isWellFormed(), 'holds half of a surrogate pair');

/** All control characters, and the separators that end a line. */
const controlOrLineEnd = /[\p{Cc}\u2028\u2029]/u;

export const isLineOfText = (text: string): boolean => text.isWellFormed() && !controlOrLineEnd.test(text);

/** Text of any length and number of lines, also none. */
export const Text = WellFormedText.refine((text) => !hasControlCharacter(text), 'holds a control character');

/** One line; it may be empty. */
export const LineOfText = WellFormedText.refine(
  (text) => !controlOrLineEnd.test(text),
  'holds a control character or a line break',
);

/**
 * Embeddings, overrides and isolates of writing direction: in a line that is shown beside others, as a name or a
 * description is, they let it imitate other text. Letters have a direction of their own without them.
 */
const directionControl = /[\u202a-\u202e\u2066-\u2069]/;

export const keepsDirection = (text: string): boolean => !directionControl.test(text);

/** What a person is told of text that does not. */
export const changesDirection = 'holds a character that changes the direction of writing';

/** A header, or another line that was not refused for what it holds, as it may be shown. */
export function withoutControls(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\u2028\u2029]/gu, '');
}
