/** Keeps what was loaded once, such as credentials or a key, but never a failure to load it. */

/** Returns a function that calls `load` until one of its calls has resolved, and then keeps returning that value. */
export function onceResolved<T>(load: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined;
  return () =>
    (kept ??= load().catch((error: unknown) => {
      // The callers that wait receive the error; the next one loads again.
      kept = undefined;
      throw error;
    }));
}
