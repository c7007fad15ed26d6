/** A pause that can be canceled. */

import { setTimeout as delay } from 'node:timers/promises';

/** Waits for some milliseconds (not at all for 0), or until the signal aborts. Never rejects. */
export async function pause(durationMs: number, signal?: AbortSignal): Promise<void> {
  if (durationMs > 0) await delay(durationMs, undefined, signal && { signal }).catch(() => undefined);
}

/** Never settles: the caller of a request that hangs waits until it gives up, and its socket stays open. */
export function noAnswer(): Promise<never> {
  return new Promise(() => undefined);
}
