/** Schemas of text that users write for other users. Usernames and room names have stricter rules of their own. */
import * as z from 'zod';
import { hasControlCharacter } from './characters.ts';

/** Text without lone surrogates, which UTF-8 cannot represent. */
export const WellFormedText = z
  .string()
  .refine((text) => text.isWellFormed(), 'must not contain half of a surrogate pair');

/** Control characters, which include the line feed, and the Unicode line separators. */
const controlOrLineEnd = /[\p{Cc}\u2028\u2029]/u;

export const isLineOfText = (text: string): boolean => text.isWellFormed() && !controlOrLineEnd.test(text);

/** Text of any length, which may be empty or have several lines. */
export const Text = WellFormedText.refine(
  (text) => !hasControlCharacter(text),
  'must not contain control characters',
);

/** A single line of text, which may be empty. */
export const LineOfText = WellFormedText.refine(
  (text) => !controlOrLineEnd.test(text),
  'must not contain control characters or line breaks',
);

/**
 * Embeddings, overrides and isolates of the writing direction. With them, a name or a description could imitate the text
 * beside which it is shown. Letters have their direction without them.
 */
const directionControl = /[\u202a-\u202e\u2066-\u2069]/;

export const hasNoDirectionControl = (text: string): boolean => !directionControl.test(text);

/** The error message for text that contains a direction control. */
export const directionControlMessage = 'must not contain characters that change the writing direction';

/** Removes control characters from a line that was not validated, such as a header, so that it can be shown. */
export function withoutControls(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\u2028\u2029]/gu, '');
}
