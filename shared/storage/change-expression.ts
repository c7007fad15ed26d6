/** Builds DynamoDB's update expressions from plain objects. Attributes have placeholders, because names may be reserved words. */
import type { Item } from './item.ts';

export interface Change {
  /** By attribute, or by a path of dots and list indexes: `rooms.<id>`, `seqs[0]`. Undefined values are left out. */
  set?: Item;
  /** Numbers are added to a number, sets to a set. */
  add?: Record<string, number | Set<number>>;
  /** Removes elements from a set; elements that are not in it are ignored. */
  deleteFrom?: Record<string, Set<number>>;
  remove?: string[];
  /** `SET a = if_not_exists(b, 0) + n`. */
  increment?: Record<string, { from: string; by: number }>;
  /** `SET list = list_append(list or [], values)`. */
  append?: Record<string, unknown[]>;
}

/** Returns the expression with its names and values, as `UpdateItem` takes them. */
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
        // A placeholder stands for a whole attribute name, so a list index stays outside of it.
        const [, attribute = part, listIndex = ''] = /^(.*?)((?:\[\d+\])*)$/.exec(part) ?? [];
        const known = Object.keys(names).find((placeholder) => names[placeholder] === attribute);
        const placeholder = known ?? `#n${Object.keys(names).length}`;
        names[placeholder] = attribute;
        return `${placeholder}${listIndex}`;
      })
      .join('.');
  const placeholderFor = (value: unknown): string => {
    const placeholder = `:v${Object.keys(values).length}`;
    values[placeholder] = value;
    return placeholder;
  };
  const sets = [
    ...Object.entries(change.set ?? {})
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${path(name)} = ${placeholderFor(value)}`),
    ...Object.entries(change.increment ?? {}).map(
      ([name, { from, by }]) =>
        `${path(name)} = if_not_exists(${path(from)}, ${placeholderFor(0)}) + ${placeholderFor(by)}`,
    ),
    ...Object.entries(change.append ?? {}).map(
      ([name, added]) =>
        `${path(name)} = list_append(if_not_exists(${path(name)}, ${placeholderFor([])}), ${placeholderFor(added)})`,
    ),
  ];
  const clauses = [
    ['SET', sets],
    ['ADD', Object.entries(change.add ?? {}).map(([name, by]) => `${path(name)} ${placeholderFor(by)}`)],
    [
      'DELETE',
      Object.entries(change.deleteFrom ?? {}).map(
        ([name, elements]) => `${path(name)} ${placeholderFor(elements)}`,
      ),
    ],
    ['REMOVE', (change.remove ?? []).map(path)],
  ] as const;
  const expression = clauses
    .filter(([, parts]) => parts.length > 0)
    .map(([verb, parts]) => `${verb} ${parts.join(', ')}`)
    .join(' ');
  return { expression, names, values };
}
