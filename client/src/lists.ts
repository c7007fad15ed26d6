/** Functions for arrays that runtimes of ES2022, such as those of React Native, do not have as methods. */

/** Returns the list with `items` in place of the `count` items from `index` on. */
export function spliced<T>(list: readonly T[], index: number, count: number, ...items: T[]): readonly T[] {
  return [...list.slice(0, index), ...items, ...list.slice(index + count)];
}

/** Returns the index of the last item that matches; -1 if none does. */
export function lastIndex<T>(list: readonly T[], matches: (item: T) => boolean): number {
  for (let index = list.length - 1; index >= 0; index -= 1) if (matches(list[index] as T)) return index;
  return -1;
}
