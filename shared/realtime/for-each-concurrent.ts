/** Works on many items with bounded concurrency. */
import { waitForAll } from '../domain/wait-for-all.ts';

/**
 * Calls `work` for every item, at most `maxConcurrent` at a time, and resolves when all are done. After an error no further
 * item is taken; the calls that are running are waited for, and then the error is thrown as `waitForAll` throws it.
 */
export async function forEachConcurrent<T>(
  items: readonly T[],
  maxConcurrent: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const item = items[next] as T;
      next += 1;
      try {
        await work(item);
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  };
  await waitForAll(Array.from({ length: Math.min(maxConcurrent, items.length) }, lane));
}
