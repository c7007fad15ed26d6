/** Many things in parts of a size that one request, or one function, can carry. */

/** In their order; every part is of that size but the last. */
export function chunk<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
    all.slice(at * size, (at + 1) * size),
  );
}
