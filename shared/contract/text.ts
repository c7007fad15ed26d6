/** Which characters text may hold that one user writes and others are shown. Names have rules of their own. */
import * as z from 'zod';

/** Text without lone surrogates, which UTF-8 cannot carry. */
export const WellFormedText = z
  .string()
  .refine((text) => text.isWellFormed(), 'holds half of a surrogate pair');

/** C0, DEL and C1, except for tab, line feed and carriage return. Encoded as JSON, most of them take six bytes. */
const control = /[^\P{Cc}\t\n\r]/u;

/** And what ends a line. */
const controlOrLineEnd = /[\p{Cc}\u2028\u2029]/u;

/**
 * What leaves a mark: no white space, no control or format character, nothing that Unicode lets a renderer ignore, no
 * combining mark without its base, and none of the two symbols that are drawn as nothing (Braille blank, null
 * notehead). Characters that this version of Unicode does not know count as visible: they may be new emoji.
 */
const visible = /[^\p{White_Space}\p{Cc}\p{Cf}\p{Cs}\p{M}\p{Default_Ignorable_Code_Point}\u2800\u{1D159}]/u;

export const isVisible = (text: string): boolean => visible.test(text);

export const isLineOfText = (text: string): boolean => text.isWellFormed() && !controlOrLineEnd.test(text);

/** Text of any length and number of lines, also none. */
export const Text = WellFormedText.refine((text) => !control.test(text), 'holds a control character');

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
