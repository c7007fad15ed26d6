/** The sequencer's loop: take a seq, store under it, take another one when somebody filled it meanwhile. */
import { ChatError } from '../chat-error.ts';
import type { Head, VoidEntry } from '../model.ts';
import type { LogStore } from '../ports/log.ts';

/** Each round is lost only to a tombstone that a reader put in place of a writer believed dead. */
const rounds = 5;

/**
 * Calls `store` with a fresh seq until it does not answer `seq_taken`. Throws `not_found` when the room is gone,
 * `try_again` when no seq could be kept.
 */
export async function appendEntry<T>(
  log: LogStore,
  { roomId, forMessage, at }: { roomId: string; forMessage: boolean; at: number },
  store: (head: Head) => Promise<T | 'seq_taken'>,
): Promise<{ head: Head; outcome: T }> {
  for (let round = 0; round < rounds; round += 1) {
    const head = await log.takeSeq(roomId, forMessage, at);
    const outcome = await store(head);
    if (outcome !== 'seq_taken') return { head, outcome };
  }
  throw new ChatError('try_again');
}

/** The tombstone for a seq that was taken and turned out not to be needed. */
export function unusedSeq(head: Head, wasMessage: boolean): VoidEntry {
  const { roomId, seq, taken, lastAt } = head;
  return { kind: 'void', roomId, seq, taken, at: lastAt, outbox: false, wasMessage };
}
