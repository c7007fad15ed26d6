/** Applies changes to items as DynamoDB's update expressions do, and copies values as the SDK stores them. */
import type { Change } from '../../../shared/storage/change-expression.ts';
import type { Item } from '../../../shared/storage/item.ts';
import { removeAt, setAt, valueAt } from './paths.ts';

/** Returns the item after the change. All parts of a change read the item as it was before. */
export function applyChange(before: Item, change: Change): Item {
  const { set = {}, add = {}, deleteFrom = {}, remove = [], increment = {}, append = {} } = change;
  const after = copyItem(before);
  for (const [name, { from, by }] of Object.entries(increment)) {
    after[name] = numberOr0(before[from], from) + by;
  }
  for (const [name, by] of Object.entries(add)) {
    after[name] =
      typeof by === 'number'
        ? numberOr0(before[name], name) + by
        : new Set([...setOrEmpty(before[name], name), ...by]);
  }
  for (const [name, removed] of Object.entries(deleteFrom)) {
    const left = [...setOrEmpty(before[name], name)].filter((element) => !removed.has(element));
    // DynamoDB stores no empty sets.
    if (left.length > 0) after[name] = new Set(left);
    else delete after[name];
  }
  for (const [name, more] of Object.entries(append)) {
    const list = before[name] ?? [];
    if (!Array.isArray(list)) throw new Error(`The attribute ${name} is no list`);
    after[name] = [...list, ...more.map(copyValue)];
  }
  for (const [path, value] of Object.entries(set)) {
    if (value === undefined) continue;
    const element = /^(.+)\[(\d+)\]$/.exec(path);
    if (element === null) setAt(after, path, copyValue(value));
    else (valueAt(after, element[1] ?? '') as unknown[])[Number(element[2])] = copyValue(value);
  }
  for (const path of remove) removeAt(after, path);
  return after;
}

/**
 * Checks what DynamoDB checks before it reads the item.
 * @throws an Error when the change is empty, changes a key, or two of its paths overlap
 */
export function assertChange({ set = {}, remove = [], ...parts }: Change): void {
  const paths = [
    ...Object.keys(set).filter((path) => set[path] !== undefined),
    ...Object.values(parts).flatMap((part) => Object.keys(part)),
    ...remove,
  ];
  if (paths.length === 0) throw new Error('The update expression is empty');
  for (const [index, path] of paths.entries()) {
    if (path === 'pk' || path === 'sk') throw new Error(`The attribute ${path} is part of the key`);
    const isOverlapping = paths.some(
      (other, otherIndex) => otherIndex !== index && (other === path || other.startsWith(`${path}.`)),
    );
    if (isOverlapping) throw new Error(`The path ${path} overlaps with another path of the update`);
  }
}

function numberOr0(value: unknown, name: string): number {
  if (value === undefined) return 0;
  if (typeof value !== 'number') throw new Error(`The attribute ${name} is no number`);
  return value;
}

function setOrEmpty(value: unknown, name: string): Set<number> {
  if (value === undefined) return new Set();
  if (!(value instanceof Set)) throw new Error(`The attribute ${name} is no set`);
  return value;
}

/** Returns a deep copy of an item as the SDK stores it: without undefined values. */
export const copyItem = (item: Item): Item =>
  Object.fromEntries(
    Object.entries(item)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, copyValue(value)]),
  );

function copyValue(value: unknown): unknown {
  if (value instanceof Set) {
    if (value.size === 0) throw new Error('DynamoDB stores no empty sets');
    return new Set(value);
  }
  if (Array.isArray(value)) return value.filter((element) => element !== undefined).map(copyValue);
  if (typeof value === 'object' && value !== null) return copyItem(value as Item);
  return value;
}
