/** How many logins may succeed in an hour: each costs a comparison of a password, and ends the oldest session. */
import type { LimitStore } from '../ports/accounts.ts';
import { countAttempt, windowStartOf, type Limit } from './fixed-window.ts';
import { ChatError } from '../chat-error.ts';
import type { LoginTarget } from './failed-logins.ts';

export interface LoginRate {
  loginsPerHour: number;
}

const windowMs = 60 * 60 * 1_000;

/** So many accounts of one address may sign in as often as they may. */
const accountsPerAddress = 10;

function limitsOf({ name, address }: LoginTarget, { loginsPerHour }: LoginRate): Limit[] {
  return [
    { scope: `signed-in/${name}`, most: loginsPerHour },
    { scope: `signed-in/${address}`, most: loginsPerHour * accountsPerAddress },
  ];
}

/**
 * Before a password is compared.
 * @throws `rate_limited`
 */
export async function assertLoginsLeft(
  limits: Pick<LimitStore, 'counts'>,
  target: LoginTarget,
  rate: LoginRate,
  now: number,
): Promise<void> {
  const within = limitsOf(target, rate);
  const start = windowStartOf(now, windowMs);
  const counts = await limits.counts(
    within.map(({ scope }) => scope),
    start,
  );
  if (within.some(({ most }, index) => (counts[index] ?? 0) >= most))
    throw new ChatError('rate_limited', { retryAfterMs: start + windowMs - now });
}

/**
 * After it was right: exact, also for logins at the same moment.
 * @throws `rate_limited`
 */
export async function countSuccess(
  limits: Pick<LimitStore, 'hit' | 'takeBack'>,
  target: LoginTarget,
  rate: LoginRate,
  now: number,
): Promise<void> {
  const counted = await countAttempt(limits, limitsOf(target, rate), { now, windowMs });
  if (counted.exceeded.length === 0) return;
  await counted.takeBack();
  throw counted.refusal();
}
