/** Counting attempts in fixed windows. */
import { ChatError } from '../chat-error.ts';
import type { LimitStore } from '../ports.ts';

export function windowStartOf(now: number, windowMs: number): number {
  return now - (now % windowMs);
}

/** One more attempt. Throws `rate_limited` when that is one too many. */
export async function mustBeWithinLimit(
  limits: LimitStore,
  { scope, windowMs, most, now }: { scope: string; windowMs: number; most: number; now: number },
): Promise<void> {
  const start = windowStartOf(now, windowMs);
  if ((await limits.hit(scope, start, windowMs)) > most) throw tooMany(start + windowMs - now);
}

export function tooMany(retryAfterMs: number): ChatError {
  return new ChatError('rate_limited', { retryAfterMs });
}
