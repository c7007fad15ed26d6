/** The sequencer's loop: take a seq, store under it, take another one when a reader filled it in between. */
import { ChatError } from '../chat-error.ts';
import type { Head, VoidEntry } from '../model.ts';
import type { LogStore, SeqPurpose } from '../ports/log.ts';

/** Each round is lost only to a void entry that a reader put in place of a writer believed dead. */
const rounds = 5;

export interface Appending extends SeqPurpose {
  roomId: string;
  at: number;
  /** Called with the seq already taken; throws when the writer may not write any more. */
  verify?: ((head: Head) => Promise<void>) | undefined;
}

/**
 * Calls `store` with a fresh seq until it does not answer `seq_taken`. A right that ends is seen by everything that takes
 * a later seq, which is why it is verified only then.
 * @throws ChatError `not_found` when the room is gone, `try_again` when no seq could be kept, and what `verify` throws.
 */
export async function appendEntry<T>(
  log: LogStore,
  { roomId, at, verify, ...purpose }: Appending,
  store: (head: Head) => Promise<T | 'seq_taken'>,
): Promise<{ head: Head; outcome: T }> {
  for (let round = 0; round < rounds; round += 1) {
    const head = await log.takeSeq(roomId, purpose, at);
    try {
      await verify?.(head);
    } catch (error) {
      // Refused, not failed: nothing will ever be stored under this seq, and no reader should wait for it.
      if (error instanceof ChatError) await log.putVoid(voidEntry(head, purpose.forMessage));
      throw error;
    }
    const outcome = await store(head);
    if (outcome !== 'seq_taken') return { head, outcome };
  }
  throw new ChatError('try_again');
}

/** The void entry for a seq that was taken and turned out not to be needed. */
export function voidEntry(head: Head, wasMessage: boolean): VoidEntry {
  const { roomId, seq, taken, lastAt } = head;
  return { kind: 'void', roomId, seq, taken, at: lastAt, outbox: false, wasMessage };
}
