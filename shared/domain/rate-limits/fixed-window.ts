/** Counting attempts in fixed windows: first counted, then made, so that a burst of them cannot pass a limit. */
import { ChatError } from '../chat-error.ts';
import type { LimitStore } from '../ports/accounts.ts';

export interface Limit {
  scope: string;
  most: number;
}

export function windowStartOf(now: number, windowMs: number): number {
  return now - (now % windowMs);
}

/** One more attempt. Throws `rate_limited` when that is one too many. */
export async function assertWithinLimit(
  limits: Pick<LimitStore, 'hit'>,
  { scope, windowMs, most, now }: Limit & { windowMs: number; now: number },
): Promise<void> {
  const start = windowStartOf(now, windowMs);
  if ((await limits.hit(scope, start, windowMs)) > most) throw tooMany(start + windowMs - now);
}

/** An attempt that was counted, and whether it went beyond one of its limits. */
export interface Attempt {
  /** Scopes of which it was one too many. */
  exceeded: string[];
  /** Uncounts it: it did not fail after all, or was never made. */
  takeBack(): Promise<void>;
  /** What it is refused with. */
  refusal(): ChatError;
}

/** Counts an attempt in each scope. Of those that run at once none can be within a limit that another one filled. */
export async function countAttempt(
  limits: Pick<LimitStore, 'hit' | 'takeBack'>,
  within: readonly Limit[],
  { now, windowMs }: { now: number; windowMs: number },
): Promise<Attempt> {
  const start = windowStartOf(now, windowMs);
  const hits = await Promise.all(within.map(({ scope }) => limits.hit(scope, start, windowMs)));
  return {
    exceeded: within.filter(({ most }, at) => (hits[at] ?? 0) > most).map(({ scope }) => scope),
    async takeBack() {
      await Promise.all(within.map(({ scope }) => limits.takeBack(scope, start)));
    },
    refusal: () => tooMany(start + windowMs - now),
  };
}

function tooMany(retryAfterMs: number): ChatError {
  return new ChatError('rate_limited', { retryAfterMs });
}
