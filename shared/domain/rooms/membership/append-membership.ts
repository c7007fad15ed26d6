/** Appends changes of a room's members to its log, in the order in which they take effect. */
import { appendEntry, type AppendInput } from '../../messages/append-entry.ts';
import { newVoidEntry } from '../../messages/new-entry.ts';
import type { Head } from '../../model/rooms.ts';
import type { LogStore } from '../../ports/log.ts';
import type { Unstored } from '../../ports/rooms.ts';

/**
 * Appends like `appendEntry`, and also takes another seq when `store` returns `overtaken`: a change of the members with a
 * later seq was stored first, and the log must name the changes in the order in which they took effect.
 */
export function appendMembership<T>(
  log: LogStore,
  input: AppendInput,
  store: (head: Head) => Promise<T | Unstored>,
): Promise<{ head: Head; outcome: Exclude<T, Unstored> }> {
  return appendEntry(log, input, async (head) => {
    const outcome = await store(head);
    if (outcome !== 'overtaken') return outcome as Exclude<T, Unstored> | 'seq_taken';
    await log.putVoids([newVoidEntry(head, false)]);
    return 'seq_taken';
  });
}
