/** The form of keys, which the entities beside this file join. */
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

/** The range of sort keys behind an id, where all are ids of one length. */
export function idsAfter(id: string | undefined): { from: string; to: string } | undefined {
  return id === undefined ? undefined : { from: `${id}~`, to: '~' };
}

/** The key of an item as it is stored. */
export const keyOf = (item: Item): Key => key.parse(item);
const key = mapCodec({ pk: text('pk'), sk: text('sk') });

/** The sort key of an item in the index. */
export const lookupSortKeyOf = (item: Item): string => lookupSortKey.parse(item['lookup_sk'], 'lookup_sk');
const lookupSortKey = text('lookup_sk');

/** Of items that were read together, the one with that key. */
export const findItem = (items: readonly Item[], { pk, sk }: Key): Item | undefined =>
  items.find((item) => item['pk'] === pk && item['sk'] === sk);
