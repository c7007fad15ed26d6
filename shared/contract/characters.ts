/**
 * The characters that text which users write for each other may contain. This file imports nothing, so that the client
 * can apply the same rule without bundling the schemas.
 */

/** C0, DEL and C1, except for tab, line feed and carriage return. Most of them take six bytes when encoded as JSON. */
const controlCharacter = /[^\P{Cc}\t\n\r]/u;

/**
 * A visible character is no white space, no control or format character, nothing that Unicode allows a renderer to
 * ignore, no combining mark without its base, and neither of the two symbols that are drawn as nothing (Braille blank,
 * null notehead). Characters that this version of Unicode does not know count as visible: they may be new emoji.
 */
const visibleCharacter =
  /[^\p{White_Space}\p{Cc}\p{Cf}\p{Cs}\p{M}\p{Default_Ignorable_Code_Point}\u2800\u{1D159}]/u;

export const hasControlCharacter = (text: string): boolean => controlCharacter.test(text);

export const hasVisibleCharacter = (text: string): boolean => visibleCharacter.test(text);
