/** The form of a migration: which stored items it changes, and how. */
import type { Change } from '../../../shared/storage/change-expression.ts';
import type { Item } from '../../../shared/storage/item.ts';
import type { KeyTemplate } from '../../../shared/storage/key-template.ts';

export interface Migration {
  /** Names the checkpoints as well, so it never changes. */
  name: string;
  /** What it changes, in a sentence. */
  description: string;
  /** Whose items it changes. */
  entity: Pick<KeyTemplate<string, string>, 'pk' | 'sk' | 'partsOf'>;
  /** Items with a version below are changed, and have it then. Functions that are deployed must read both. */
  toVersion: number;
  /**
   * The stored attributes that `change` reads. An item in which one of them was written since it was read is read again, so
   * that a concurrent change is not lost.
   */
  reads: readonly string[];
  /** Returns the change of an item, without its version; it may be asked more than once for the same item. */
  change(this: void, item: Item): Pick<Change, 'set' | 'remove'>;
}
