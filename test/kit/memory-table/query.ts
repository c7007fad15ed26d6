/** Reads ranges of a partition, of the table or of its index, in pages. */
import type { Item } from '../../../shared/storage/item.ts';
import type { Range } from '../../../shared/storage/range.ts';
import { lookupAttributes } from '../../../shared/storage/lookup-attributes.ts';
import { copyItem } from './changes.ts';

/** The items of the table or of its index, by partition. */
export interface Partitions {
  /** Replaces an item by what it became. */
  replace(before: Item | undefined, after: Item | undefined): void;
  /** Returns a page with its items in order; `last` is where the next one starts, undefined at the end. */
  query(range: Range): { items: Item[]; last: Item | undefined };
}

interface Partition {
  items: Map<string, Item>;
  /** Sorted when it is first read after a change. */
  sorted: Item[] | undefined;
}

export function partitions(index: Range['index']): Partitions {
  const [pk, sk] = index === undefined ? (['pk', 'sk'] as const) : (['lookup_pk', 'lookup_sk'] as const);
  const all = new Map<string, Partition>();
  const compare = (a: Item, b: Item): number =>
    compareTexts(a[sk], b[sk]) || compareTexts(a['pk'], b['pk']) || compareTexts(a['sk'], b['sk']);

  /** Only items with both keys are in the index. */
  function partitionOf(item: Item | undefined): Partition | undefined {
    const [partition, sortKey] = [item?.[pk], item?.[sk]];
    if (typeof partition !== 'string' || typeof sortKey !== 'string') return undefined;
    const found = all.get(partition) ?? { items: new Map<string, Item>(), sorted: undefined };
    all.set(partition, found);
    found.sorted = undefined;
    return found;
  }

  function itemsOf(partition: string): Item[] {
    const found = all.get(partition);
    if (found === undefined) return [];
    found.sorted ??= [...found.items.values()].sort(compare);
    return found.sorted;
  }

  return {
    replace(before, after) {
      if (before !== undefined) partitionOf(before)?.items.delete(textOf(before));
      if (after !== undefined) partitionOf(after)?.items.set(textOf(after), after);
    },
    query({ partition, from, to, prefix, descending, limit, startAfter }) {
      if (from !== undefined && compareTexts(from, to) > 0)
        throw new Error('The upper bound of a range must not be lower than its lower bound');
      const isInRange = (item: Item): boolean => {
        const sortKey = String(item[sk]);
        if (prefix !== undefined && !sortKey.startsWith(prefix)) return false;
        if (from !== undefined && (compareTexts(sortKey, from) < 0 || compareTexts(sortKey, to) > 0))
          return false;
        return startAfter === undefined || compare(item, startAfter) * (descending ? -1 : 1) > 0;
      };
      const found: Item[] = [];
      const sorted = itemsOf(partition);
      for (const item of descending ? sorted.toReversed() : sorted) {
        if (found.length === limit) break;
        if (isInRange(item)) found.push(copyItem(index === undefined ? item : projected(item)));
      }
      const lastItem = found.at(-1);
      // DynamoDB stops at the limit without looking whether more items follow.
      const isCut = lastItem !== undefined && found.length === limit;
      return { items: found, last: isCut ? keyIn(lastItem, index) : undefined };
    },
  };
}

const textOf = ({ pk, sk }: Item): string => JSON.stringify([pk, sk]);

const projectedNames = ['pk', 'sk', 'lookup_pk', 'lookup_sk', ...lookupAttributes];

const projected = (item: Item): Item => Object.fromEntries(projectedNames.map((name) => [name, item[name]]));

function keyIn(item: Item, index: Range['index']): Item {
  const { pk, sk, lookup_pk, lookup_sk } = item;
  return index === undefined ? { pk, sk } : { pk, sk, lookup_pk, lookup_sk };
}

/** DynamoDB orders texts by their UTF-8 bytes, JavaScript by UTF-16 units: they differ from the surrogates on. */
const firstSurrogate = 0xd800;

function compareTexts(a: unknown, b: unknown): number {
  const [left, right] = [String(a), String(b)];
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const [one, other] = [left.charCodeAt(index), right.charCodeAt(index)];
    if (one === other) continue;
    if (one < firstSurrogate && other < firstSurrogate) return one - other;
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  }
  return left.length - right.length;
}
