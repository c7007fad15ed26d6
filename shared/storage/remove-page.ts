/** Deletes items of any kind in steps, as purges and erasures need it. */
import { keyOf } from './keys.ts';
import type { Table } from './table.ts';
import type { Range } from './range.ts';

/** Deletes one page of a range; says whether it was the last. May do a part of it and fail. */
export async function removePage(table: Table, range: Range): Promise<{ done: boolean }> {
  const { items, last } = await table.page(range);
  await table.removeMany(items.map(keyOf));
  return { done: last === undefined };
}
