/** How many messages one connection may send: counted in windows on the connection's own item. */
import { ChatError } from '../chat-error.ts';
import type { Connection } from '../model.ts';

export const rateWindowMs = 10_000;

/** Throws `rate_limited` with the time until the window ends. */
export function mustBeWithinRate({ window }: Connection, now: number, messagesPerWindow: number): void {
  const windowEndsAt = window.startedAt + rateWindowMs;
  if (now >= windowEndsAt || window.count < messagesPerWindow) return;
  throw new ChatError('rate_limited', { retryAfterMs: windowEndsAt - now });
}
