/** Changes one item to its new form, unless a concurrent change makes that unnecessary. */
import type { Condition } from '../../../shared/storage/condition.ts';
import type { Item } from '../../../shared/storage/item.ts';
import { keyOf, type Key } from '../../../shared/storage/keys.ts';
import { schemaVersion } from '../../../shared/storage/schema-version.ts';
import type { Table } from '../../../shared/storage/table.ts';
import type { Migration } from './migration.ts';

/** How often an item that is written at the same time is read again before the run gives up on it. */
const maxAttempts = 20;

const versionOf = (item: Item): number => schemaVersion.parse(item[schemaVersion.name], schemaVersion.name);

/** Whether the migration has still to change the item. */
export function isPending({ entity, toVersion }: Migration, item: Item): boolean {
  return entity.partsOf(keyOf(item)) !== undefined && versionOf(item) < toVersion;
}

/** The item still has the version and the attributes from which its change was computed. */
function isUnchanged({ reads }: Migration, item: Item): Condition {
  const values: Item = {};
  const names: Record<string, string> = {};
  const conditions = [...new Set([schemaVersion.name, ...reads])].map((name, index) => {
    names[`#c${index}`] = name;
    if (item[name] === undefined) return `attribute_not_exists(#c${index})`;
    values[`:c${index}`] = item[name];
    return `#c${index} = :c${index}`;
  });
  return { if: ['attribute_exists(pk)', ...conditions].join(' AND '), names, values };
}

/**
 * Returns whether the item was changed; it was not if it has been deleted or has got the new version elsewhere.
 * @throws Error naming the item when it is written so often that no attempt succeeds
 */
export async function changeItem(table: Table, migration: Migration, read: Item): Promise<boolean> {
  let item: Item | undefined = read;
  const key: Key = keyOf(read);
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    if (item === undefined || !isPending(migration, item)) return false;
    const { set = {}, remove = [] } = migration.change(item);
    const change = { set: { ...set, [schemaVersion.name]: migration.toVersion }, remove };
    const outcome = await table.update(key, change, isUnchanged(migration, item));
    if (outcome.ok) return true;
    item = outcome.item;
  }
  throw new Error(
    `The item ${key.pk} ${key.sk} is written too often to be changed; run the migration again later`,
  );
}
