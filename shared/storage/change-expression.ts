/** DynamoDB's update expressions from plain objects; every attribute by placeholder, so that no name is reserved. */
import type { Item } from './item.ts';

export interface Change {
  /** By attribute, or by path with dots and places in lists: `rooms.<id>`, `seqs[0]`. Undefined values are left out. */
  set?: Item;
  /** Numbers are added to a number, sets to a set. */
  add?: Record<string, number | Set<number>>;
  /** Takes elements out of a set; those that are not in it are ignored. */
  deleteFrom?: Record<string, Set<number>>;
  remove?: string[];
  /** `SET a = if_not_exists(b, 0) + n`. */
  increment?: Record<string, { from: string; by: number }>;
  /** `SET list = list_append(list or [], values)`. */
  append?: Record<string, unknown[]>;
}

export function changeExpression(change: Change): {
  expression: string;
  names: Record<string, string>;
  values: Item;
} {
  const names: Record<string, string> = {};
  const values: Item = {};
  const path = (name: string): string =>
    name
      .split('.')
      .map((part) => {
        // A placeholder stands for a whole attribute name, so a place in a list stays outside of it.
        const [, attribute = part, place = ''] = /^(.*?)((?:\[\d+\])*)$/.exec(part) ?? [];
        const known = Object.keys(names).find((placeholder) => names[placeholder] === attribute);
        const placeholder = known ?? `#n${Object.keys(names).length}`;
        names[placeholder] = attribute;
        return `${placeholder}${place}`;
      })
      .join('.');
  const value = (given: unknown): string => {
    const placeholder = `:v${Object.keys(values).length}`;
    values[placeholder] = given;
    return placeholder;
  };
  const sets = [
    ...Object.entries(change.set ?? {})
      .filter(([, given]) => given !== undefined)
      .map(([name, given]) => `${path(name)} = ${value(given)}`),
    ...Object.entries(change.increment ?? {}).map(
      ([name, { from, by }]) => `${path(name)} = if_not_exists(${path(from)}, ${value(0)}) + ${value(by)}`,
    ),
    ...Object.entries(change.append ?? {}).map(
      ([name, given]) =>
        `${path(name)} = list_append(if_not_exists(${path(name)}, ${value([])}), ${value(given)})`,
    ),
  ];
  const clauses = [
    ['SET', sets],
    ['ADD', Object.entries(change.add ?? {}).map(([name, by]) => `${path(name)} ${value(by)}`)],
    [
      'DELETE',
      Object.entries(change.deleteFrom ?? {}).map(([name, taken]) => `${path(name)} ${value(taken)}`),
    ],
    ['REMOVE', (change.remove ?? []).map(path)],
  ] as const;
  const expression = clauses
    .filter(([, parts]) => parts.length > 0)
    .map(([verb, parts]) => `${verb} ${parts.join(', ')}`)
    .join(' ');
  return { expression, names, values };
}
