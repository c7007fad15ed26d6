/** The form of keys. The entities join and parse them. */
import { mapCodec, text } from './attributes.ts';
import type { Item } from './item.ts';

export interface Key {
  pk: string;
  sk: string;
}

/** The only index. */
export const lookupIndex = 'lookup';

const seqDigits = 16;

export const seqKey = (seq: number): string => String(seq).padStart(seqDigits, '0');
/** Sorts after the key of every seq, for ranges with an open end. */
export const seqKeyEnd = '9'.repeat(seqDigits);

/** Returns the range of sort keys after an id, in a partition whose sort keys are ids of one length. */
export function idsAfter(id: string | undefined): { from: string; to: string } | undefined {
  return id === undefined ? undefined : { from: `${id}~`, to: '~' };
}

/** Returns the key of an item. */
export const keyOf = (item: Item): Key => key.parse(item);
const key = mapCodec({ pk: text('pk'), sk: text('sk') });

/** Returns the sort key of an item in the index. */
export const lookupSortKeyOf = (item: Item): string => lookupSortKey.parse(item['lookup_sk'], 'lookup_sk');
const lookupSortKey = text('lookup_sk');

/** Returns the item with that key among items that were read together. */
export const findItem = (items: readonly Item[], { pk, sk }: Key): Item | undefined =>
  items.find((item) => item['pk'] === pk && item['sk'] === sk);
