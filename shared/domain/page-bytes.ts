/** How much of a list one answer carries, measured as it is sent. */
import { limits } from '../contract/limits.ts';

/** As many of the first items as fit into one answer, at least one. */
export function withinAnswer<T>(items: readonly T[], maxBytes: number = limits.answerBytes): T[] {
  let bytes = 2;
  const end = items.findIndex((item, index) => {
    bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
    return index > 0 && bytes > maxBytes;
  });
  return end === -1 ? [...items] : items.slice(0, end);
}
