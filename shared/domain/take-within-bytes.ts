/** Limits how much of a list one answer contains, measured in the bytes that are sent. */
import * as limits from '../contract/limits.ts';

/** Returns as many of the first items as fit into `maxBytes` as a JSON array, and at least one. */
export function takeWithinBytes<T>(items: readonly T[], maxBytes: number = limits.answerBytes): T[] {
  let bytes = 2;
  const end = items.findIndex((item, index) => {
    bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
    return index > 0 && bytes > maxBytes;
  });
  return end === -1 ? [...items] : items.slice(0, end);
}
