/** Document paths such as `rooms.#room.name`: reads, sets and removes the value at a path of an item. */
import type { Item } from '../../../shared/storage/item.ts';

const isMap = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Set);

/** Returns the value at a path, with placeholders resolved by name; undefined when there is none. */
export function valueAt(item: Item | undefined, path: string, names: Record<string, string> = {}): unknown {
  return path.split('.').reduce<unknown>((outer, name) => {
    if (name.startsWith('#') && names[name] === undefined) throw new Error(`No name is given for ${name}`);
    return isMap(outer) ? outer[names[name] ?? name] : undefined;
  }, item);
}

/**
 * Sets the value at a path.
 * @throws an Error when the map that should hold it does not exist, as DynamoDB does
 */
export function setAt(item: Item, path: string, value: unknown): void {
  const { holder, name } = holderOf(item, path);
  if (!isMap(holder)) throw new Error(`The document path ${path} is invalid for update`);
  holder[name] = value;
}

/** Removes the value at a path, or the element of a list as in `seqs[0]`; nothing when it does not exist. */
export function removeAt(item: Item, path: string): void {
  const element = /^(.+)\[(\d+)\]$/.exec(path);
  if (element !== null) {
    const list = valueAt(item, element[1] ?? '');
    if (Array.isArray(list)) list.splice(Number(element[2]), 1);
    return;
  }
  const { holder, name } = holderOf(item, path);
  if (isMap(holder)) delete holder[name];
}

function holderOf(item: Item, path: string): { holder: unknown; name: string } {
  const end = path.lastIndexOf('.');
  return {
    holder: end === -1 ? item : valueAt(item, path.slice(0, end)),
    name: path.slice(end + 1),
  };
}
