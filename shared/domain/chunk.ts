/** Splits lists into parts that one request can carry. */

/** Returns the items in their order, in parts of `size`; the last part may be smaller. */
export function chunk<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
