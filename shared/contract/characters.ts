/**
 * The characters that users may write to each other. This file imports nothing, so that the client can apply the same
 * rule without bundling the schemas.
 */

/** C0, DEL and C1, without tab, line feed and carriage return. Most of them take six bytes in JSON. */
const controlCharacter = /[^\P{Cc}\t\n\r]/u;

/**
 * Any character except white space, control and format characters, characters that Unicode allows a renderer to ignore,
 * combining marks, which need a base, and the two symbols that are drawn blank (Braille blank, null notehead). Characters
 * that the runtime's version of Unicode does not define count as visible, since they may be new emoji.
 */
const visibleCharacter =
  /[^\p{White_Space}\p{Cc}\p{Cf}\p{Cs}\p{M}\p{Default_Ignorable_Code_Point}\u2800\u{1D159}]/u;

export const hasControlCharacter = (text: string): boolean => controlCharacter.test(text);

export const hasVisibleCharacter = (text: string): boolean => visibleCharacter.test(text);
