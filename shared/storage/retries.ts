/** When a request is made again: conflicts of writes, and what a batch left out. */
import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { ChatError } from '../domain/chat-error.ts';

const conflictRetries = 8;
/** How often a batch that the table takes only a part of is sent again: a throttled table must not hold a function up. */
const batchRounds = 8;

/** Transactions that meet on an item cancel each other, and plain writes too: the loser tries again. */
export async function retryConflicts<T>(attempt: () => Promise<T>): Promise<T> {
  for (let round = 1; ; round += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isConflict(error) || round > conflictRetries) throw error;
      await pause(round);
    }
  }
}

function isConflict(error: unknown): boolean {
  if (error instanceof TransactionConflictException) return true;
  if (!(error instanceof TransactionCanceledException)) return false;
  return (error.CancellationReasons ?? []).some(
    ({ Code }) => Code === 'TransactionConflict' || Code === 'ThrottlingError',
  );
}

/** Nothing before the first round; throws `try_again` instead of an endless one. */
export async function pauseBeforeRound(round: number): Promise<void> {
  if (round >= batchRounds) throw new ChatError('try_again');
  if (round > 0) await pause(round);
}

/** Full jitter up to 20 ms, 40 ms, 80 ms … */
function pause(round: number): Promise<void> {
  const milliseconds = Math.random() * 10 * 2 ** round;
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
