/**
 * Pauses between guesses at one account from one address, once there were too many. A pause and not a wall: the owner
 * on a network that strangers guess from too, or on a new one while they guess from elsewhere, waits a moment and gets
 * in. Each address has a pause of its own, so nobody can make that of another grow.
 */
import { ChatError } from '../chat-error.ts';
import type { LoginPause, LoginPauseStore } from '../ports/accounts.ts';

const maxPauseMs = 15 * 60 * 1_000;

/** After this time without a try, an address begins anew. */
const rememberedMs = 24 * 60 * 60 * 1_000;

/** The turn that is remembered for an address, if any. */
export function currentPause(turn: LoginPause | undefined, now: number): LoginPause | undefined {
  return turn === undefined || turn.pauseMs === 0 || now - turn.nextAt > rememberedMs ? undefined : turn;
}

interface TurnRequest {
  scope: string;
  /** As it was read. */
  found: LoginPause | undefined;
  firstPauseMs: number;
  now: number;
}

/**
 * Admits one try after each pause, and doubles the pause. The first try only learns of it. Of tries at the same moment
 * one is admitted.
 * @throws `rate_limited` with the rest of the pause
 */
export async function admitAfterPause(
  pauses: LoginPauseStore,
  { scope, found, firstPauseMs, now }: TurnRequest,
): Promise<void> {
  const turn = currentPause(found, now);
  if (turn !== undefined && now < turn.nextAt) throw tooEarly(turn.nextAt - now);
  const pauseMs = turn === undefined ? firstPauseMs : Math.min(maxPauseMs, 2 * turn.pauseMs);
  const next = { pauseMs, nextAt: now + pauseMs };
  const isTaken = await pauses.replace(scope, found, next, next.nextAt + rememberedMs);
  if (turn === undefined || !isTaken) throw tooEarly(pauseMs);
}

function tooEarly(retryAfterMs: number): ChatError {
  return new ChatError('rate_limited', { retryAfterMs });
}
