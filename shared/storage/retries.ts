/** Retries of conflicting writes, and of the part of a batch that DynamoDB did not process. */
import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { ChatError } from '../domain/chat-error.ts';

const conflictRetries = 8;
/** How many rounds a batch may take, so that a throttled table does not hold a function up. */
const batchRounds = 8;

/** Retries an attempt that conflicts with another write: transactions on one item cancel each other and plain writes. */
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

/**
 * Waits before each round but the first.
 * @throws ChatError `try_again` when the batch has had too many rounds
 */
export async function pauseBeforeRound(round: number): Promise<void> {
  if (round >= batchRounds) throw new ChatError('try_again');
  if (round > 0) await pause(round);
}

/** Waits with full jitter up to 20 ms, 40 ms, 80 ms and so on. */
function pause(round: number): Promise<void> {
  const milliseconds = Math.random() * 10 * 2 ** round;
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
