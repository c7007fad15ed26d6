/** Limits successful logins per hour: each one costs a password comparison and may end the oldest session. */
import { ChatError } from '../chat-error.ts';
import type { LimitStore } from '../ports/accounts.ts';
import type { LoginTarget } from './failed-logins.ts';
import { countAttempt, windowStartOf, type Limit } from './fixed-window.ts';

export interface SuccessfulLoginLimits {
  /** Per account. */
  loginsPerHour: number;
}

const windowMs = 60 * 60 * 1_000;

/** The limit of an address is this many times the limit of an account. */
const accountsPerAddress = 10;

function limitsOf({ name, address }: LoginTarget, { loginsPerHour }: SuccessfulLoginLimits): Limit[] {
  return [
    { scope: `signed-in/${name}`, max: loginsPerHour },
    { scope: `signed-in/${address}`, max: loginsPerHour * accountsPerAddress },
  ];
}

/**
 * Checks the limits before a password is compared, without counting anything.
 * @throws ChatError `rate_limited` when a limit has been reached
 */
export async function assertLoginsLeft(
  store: Pick<LimitStore, 'counts'>,
  target: LoginTarget,
  settings: SuccessfulLoginLimits,
  now: number,
): Promise<void> {
  const limits = limitsOf(target, settings);
  const start = windowStartOf(now, windowMs);
  const counts = await store.counts(
    limits.map(({ scope }) => scope),
    start,
  );
  if (limits.some(({ max }, index) => (counts[index] ?? 0) >= max))
    throw new ChatError('rate_limited', { retryAfterMs: start + windowMs - now });
}

/**
 * Counts a login whose password was right. This count is exact even for concurrent logins, all of
 * which pass `assertLoginsLeft`.
 * @throws ChatError `rate_limited` when the login exceeds a limit
 */
export async function countSuccess(
  store: Pick<LimitStore, 'hit' | 'refund'>,
  target: LoginTarget,
  settings: SuccessfulLoginLimits,
  now: number,
): Promise<void> {
  const counted = await countAttempt(store, limitsOf(target, settings), { now, windowMs });
  if (counted.exceeded.length === 0) return;
  await counted.refund();
  throw counted.refusal();
}
