/**
 * Pauses between login attempts for one account from one address, once too many have failed. A pause, unlike
 * a lockout, lets the owner in after a short wait, on a network that is shared with an attacker and on a new
 * one. Every pair of account and address has its own pause, so attempts from one address cannot lengthen the
 * pause of another.
 */
import { ChatError } from '../chat-error.ts';
import type { LoginPause, LoginPauseStore } from '../ports/accounts.ts';

const maxPauseMs = 15 * 60 * 1_000;

/** A pause is forgotten when no attempt follows it for this long. */
const rememberedMs = 24 * 60 * 60 * 1_000;

/** Returns the stored pause unless it was reset or is too old to count. */
export function currentPause(stored: LoginPause | undefined, now: number): LoginPause | undefined {
  if (stored === undefined || stored.pauseMs === 0 || now - stored.nextAtMs > rememberedMs) return undefined;
  return stored;
}

interface PausedAttempt {
  scope: string;
  /** The pause as it was read from the store. */
  stored: LoginPause | undefined;
  firstPauseMs: number;
  now: number;
}

/**
 * Admits one attempt after each pause and doubles the pause that follows. The attempt that starts the first
 * pause is refused. Of attempts made at the same moment only one is admitted.
 * @throws ChatError `rate_limited` with the rest of the pause in `retryAfterMs`
 */
export async function admitAfterPause(
  pauses: LoginPauseStore,
  { scope, stored, firstPauseMs, now }: PausedAttempt,
): Promise<void> {
  const current = currentPause(stored, now);
  if (current !== undefined && now < current.nextAtMs) throw rateLimited(current.nextAtMs - now);
  const pauseMs = current === undefined ? firstPauseMs : Math.min(maxPauseMs, 2 * current.pauseMs);
  const next = { pauseMs, nextAtMs: now + pauseMs };
  const isReplaced = await pauses.replace(scope, stored, next, next.nextAtMs + rememberedMs);
  if (current === undefined || !isReplaced) throw rateLimited(pauseMs);
}

function rateLimited(retryAfterMs: number): ChatError {
  return new ChatError('rate_limited', { retryAfterMs });
}
