/** Works on many items with bounded concurrency. */

/**
 * Calls `work` for every item, at most `maxConcurrent` at a time, and resolves when all are done.
 * Rejects with the first error.
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
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(maxConcurrent, items.length) }, lane));
}
