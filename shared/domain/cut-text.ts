/** Shortening text for people: never within a code point, and with a sign that something is missing. */

const ellipsis = '…';

/** At most `maxLength` UTF-16 units of it, followed by `…` when some were cut. */
export function cutToLength(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : text.slice(0, boundary(text, maxLength)) + ellipsis;
}

/** As much of it as takes at most `maxBytes` as a JSON string in UTF-8, its quotes apart, with `…` when some was cut. */
export function cutToEncodedBytes(text: string, maxBytes: number): string {
  if (encodedBytes(text) <= maxBytes) return text;
  let [fits, tooLong] = [0, text.length];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (encodedBytes(text.slice(0, middle) + ellipsis) <= maxBytes) fits = middle;
    else tooLong = middle;
  }
  return text.slice(0, boundary(text, fits)) + ellipsis;
}

export const encodedBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;

/** A place at or before `at` that is not within a surrogate pair. */
function boundary(text: string, at: number): number {
  const isWithinPair = /[\uD800-\uDBFF]/.test(text.charAt(at - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(at));
  return isWithinPair ? at - 1 : at;
}
