/** Retries of writes that conflict, of requests that DynamoDB throttles, and of the part of a batch that it did not process. */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { ChatError } from '../domain/chat-error.ts';

const refusedRetries = 8;
/** How many rounds a batch may take, so that a throttled table does not hold a function up. */
const batchRounds = 8;

/**
 * The errors of requests that a table, a key or an account has no capacity for at the moment.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
const throttlingErrors: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
]);

/** Transactions on one item cancel each other and plain writes; a repeated one may find its first attempt still running. */
const conflictErrors: ReadonlySet<string> = new Set([
  'TransactionConflictException',
  'TransactionInProgressException',
]);

/** The reasons of a canceled transaction for which it can be tried again as it is. */
const throttlingReasons: ReadonlySet<string | undefined> = new Set([
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'ThrottlingError',
]);
const conflictReason = 'TransactionConflict';

/**
 * Retries an attempt that conflicts with another write, or that is throttled.
 * @throws ChatError `try_again` when the last attempt was throttled, too
 */
export async function retryRefused<T>(attempt: () => Promise<T>): Promise<T> {
  for (let round = 1; ; round += 1) {
    try {
      return await attempt();
    } catch (error) {
      const throttled = isThrottled(error);
      if (!throttled && !isConflict(error)) throw error;
      if (round > refusedRetries) throw throttled ? new ChatError('try_again', { cause: error }) : error;
      await pause(round);
    }
  }
}

/** Returns the answer to a request for a batch; undefined when it was throttled, so that no part of it was processed. */
export async function unlessThrottled<T>(request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request();
  } catch (error) {
    if (isThrottled(error)) return undefined;
    throw error;
  }
}

function isThrottled(error: unknown): boolean {
  return throttlingErrors.has(nameOf(error)) || hasReason(error, (code) => throttlingReasons.has(code));
}

function isConflict(error: unknown): boolean {
  return conflictErrors.has(nameOf(error)) || hasReason(error, (code) => code === conflictReason);
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

function hasReason(error: unknown, is: (code: string | undefined) => boolean): boolean {
  if (!(error instanceof TransactionCanceledException)) return false;
  return (error.CancellationReasons ?? []).some(({ Code }) => is(Code));
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
