/** Blocks of seqs that move from an item to its archive. */
import type { Condition } from './condition.ts';

/** Seqs that are archived together, ascending, and the last of them. */
export interface SeqBlock {
  seqs: number[];
  last: number;
}

/** The archive ends lower: in whatever order archivers finish, its recorded end only rises. */
export const archivedBelow = (attribute: string, seq: number): Condition => ({
  if: `attribute_exists(pk) AND (attribute_not_exists(${attribute}) OR ${attribute} < :seq)`,
  values: { ':seq': seq },
});
