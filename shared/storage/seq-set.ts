/** Sets of seqs, as attributes of an item. */
import type { SeqSet } from '../domain/model.ts';
import type { Item } from './item.ts';

/** A set that became empty is no attribute at all. */
export function toSeqSet(item: Item | undefined, seqs: string, archivedTo: string): SeqSet {
  return {
    seqs: [...((item?.[seqs] as Set<number> | undefined) ?? [])].toSorted((a, b) => a - b),
    archivedTo: (item?.[archivedTo] as number | undefined) ?? 0,
  };
}
