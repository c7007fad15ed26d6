/** Appends entries to a room's log: takes a seq, stores the entry under it, and takes another seq when that one is void. */
import { ChatError } from '../chat-error.ts';
import type { Head } from '../model/rooms.ts';
import type { LogStore, SeqPurpose } from '../ports/log.ts';
import { newVoidEntry } from './new-entry.ts';

/** A round is lost only when a reader filled the seq with a void entry because it believed the writer dead. */
const maxRounds = 5;

export interface AppendInput extends SeqPurpose {
  roomId: string;
  at: number;
  /** Called with the head once a seq has been taken. Throws when the writer has lost the right to write. */
  verify?: ((head: Head) => Promise<unknown>) | undefined;
}

/**
 * Calls `store` with a newly taken seq until it returns something other than `seq_taken`. The writer's right is verified
 * after the seq was taken, because every change that ends a right is visible to all later seqs.
 * @throws ChatError `not_found` when the room is gone, `try_again` when no seq could be kept, and whatever `verify` throws.
 */
export async function appendEntry<T>(
  log: LogStore,
  { roomId, at, verify, ...purpose }: AppendInput,
  store: (head: Head) => Promise<T | 'seq_taken'>,
): Promise<{ head: Head; outcome: T }> {
  for (let round = 0; round < maxRounds; round += 1) {
    const head = await log.takeSeq(roomId, purpose, at);
    try {
      await verify?.(head);
    } catch (error) {
      // The write was refused, so no entry will be stored under this seq: fill it, or readers wait for it.
      if (error instanceof ChatError) await log.putVoids([newVoidEntry(head, purpose.forMessage)]);
      throw error;
    }
    const outcome = await store(head);
    if (outcome !== 'seq_taken') return { head, outcome };
  }
  throw new ChatError('try_again');
}
