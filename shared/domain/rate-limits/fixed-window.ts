/**
 * Counts attempts in fixed windows of time. Each attempt is counted before it is made, so that attempts made
 * at the same moment cannot exceed a limit together.
 */
import { ChatError } from '../chat-error.ts';
import type { LimitStore } from '../ports/accounts.ts';
import { waitForAll } from '../wait-for-all.ts';

export interface Limit {
  /** What is counted, for example `register/<address>`. */
  scope: string;
  /** How many attempts one window allows. */
  max: number;
}

/** Returns when the window that contains `now` began. Both are milliseconds since 1970. */
export function windowStartOf(now: number, windowMs: number): number {
  return now - (now % windowMs);
}

/**
 * Counts one attempt against one limit.
 * @throws ChatError `rate_limited` when the attempt exceeds the limit
 */
export async function consumeLimit(
  limits: Pick<LimitStore, 'hit'>,
  { scope, max, now, windowMs }: Limit & { now: number; windowMs: number },
): Promise<void> {
  const start = windowStartOf(now, windowMs);
  if ((await limits.hit(scope, start, windowMs)) > max) throw rateLimited(start + windowMs - now);
}

/** An attempt that has been counted. */
export interface Attempt {
  /** Scopes whose limit this attempt exceeds. */
  exceeded: string[];
  /** Gives the attempt back to all its limits: it succeeded, or was never made. */
  refund(): Promise<void>;
  /** Returns the error to refuse the attempt with; its `retryAfterMs` is the rest of the window. */
  refusal(): ChatError;
}

/** Counts one attempt against several limits that share a window, and reports the limits that it exceeds. */
export async function countAttempt(
  store: Pick<LimitStore, 'hit' | 'refund'>,
  limits: readonly Limit[],
  { now, windowMs }: { now: number; windowMs: number },
): Promise<Attempt> {
  const start = windowStartOf(now, windowMs);
  const hits = await waitForAll(limits.map(({ scope }) => store.hit(scope, start, windowMs)));
  return {
    exceeded: limits.filter(({ max }, index) => (hits[index] ?? 0) > max).map(({ scope }) => scope),
    async refund() {
      await waitForAll(limits.map(({ scope }) => store.refund(scope, start)));
    },
    refusal: () => rateLimited(start + windowMs - now),
  };
}

function rateLimited(retryAfterMs: number): ChatError {
  return new ChatError('rate_limited', { retryAfterMs });
}
