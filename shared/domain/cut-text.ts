/** Cuts text for people: never within a code point, and with an ellipsis where something was cut. */

const ellipsis = '…';

/** Returns at most `maxLength` UTF-16 units of the text, followed by `…` when the text was cut. */
export function cutToLength(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : text.slice(0, boundary(text, maxLength)) + ellipsis;
}

/**
 * Returns as much of the text as `encodedBytes` measures at most `maxBytes`, including the `…` at its end
 * when it was cut.
 */
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

/** Returns the bytes of the text as a JSON string in UTF-8, without its quotes. */
export const encodedBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;

/** Returns the last index up to `index` that is not within a surrogate pair. */
function boundary(text: string, index: number): number {
  const isWithinPair =
    /[\uD800-\uDBFF]/.test(text.charAt(index - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(index));
  return isWithinPair ? index - 1 : index;
}
