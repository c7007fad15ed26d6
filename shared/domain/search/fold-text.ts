/**
 * Folds text for searching: two texts that differ only in case, width, accents or invisible characters fold to the same
 * text. Letters of scripts in which a mark makes another letter, such as kana and Devanagari, stay different.
 */

const onlyAscii = /^[\0-\x7f]*$/;

/** Characters that nothing shows, such as soft hyphens, joiners and variation selectors. */
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;

/**
 * Accents and vowel points: the combining marks that are not bound to a script, and those of Cyrillic, Hebrew and Arabic.
 * The vowel signs of Indic scripts and the voicing marks of kana are not among them: without them, it is another word.
 */
const accents =
  /(?=\p{M})[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\p{scx=Cyrillic}\p{scx=Hebrew}\p{scx=Arabic}]/gu;

/**
 * More marks on one character than any writing system puts there: Unicode's Stream-Safe Text Format allows 30. Bringing
 * thousands of them into their order, as normalization does, would take time that grows with the square of their number.
 */
const marksTooMany = /(\p{M}{30})\p{M}+/gu;

/** What Unicode does not decompose although people type the one for the other. */
const alike = new Map(
  Object.entries({
    ς: 'σ',
    ø: 'o',
    đ: 'd',
    ł: 'l',
    æ: 'ae',
    œ: 'oe',
    ħ: 'h',
    ŧ: 't',
    '‘': "'",
    '’': "'",
    '“': '"',
    '”': '"',
    '‐': '-',
    '–': '-',
    '—': '-',
  }),
);
const withAlike = new RegExp(`[${[...alike.keys()].join('')}]`, 'g');

/** Returns the folded text, in NFC. Folding it again changes nothing. */
export function foldText(text: string): string {
  if (onlyAscii.test(text)) return text.toLowerCase();
  const letters = text
    .replace(invisible, '')
    .replace(marksTooMany, '$1')
    .normalize('NFKD')
    .replace(invisible, '')
    .replace(accents, '');
  return (
    foldCase(letters)
      // The capitals of some letters have an accent of their own.
      .normalize('NFKD')
      .replace(accents, '')
      .replace(withAlike, (character) => alike.get(character) ?? character)
      .normalize('NFC')
  );
}

/** Lower case by way of upper case, where ß is SS and ı is I; and before that lower case, which turns ẞ into ß. */
const foldCase = (text: string): string => text.toLowerCase().toUpperCase().toLowerCase();
