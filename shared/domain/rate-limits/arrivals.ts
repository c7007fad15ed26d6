/**
 * Limits how often one user may arrive in a room. Every connection in the room receives an event for an
 * arrival and one for the departure that follows, so a client that joins and leaves in a loop would disturb
 * all of them at the cost of one socket.
 */
import type { LimitStore } from '../ports/accounts.ts';
import type { Clock } from '../ports/system.ts';
import { countAttempt } from './fixed-window.ts';

export const arrivalWindowMs = 10_000;

/**
 * Counts an arrival and returns whether it exceeds the limit. Only the user's first connection in a room is
 * an arrival.
 */
export async function arrivesTooOften(
  ports: {
    limits: Pick<LimitStore, 'hit' | 'refund'>;
    clock: Clock;
    settings: { arrivalsPerWindow: number };
  },
  roomId: string,
  userId: string,
): Promise<boolean> {
  const { limits, clock, settings } = ports;
  const { exceeded } = await countAttempt(
    limits,
    [{ scope: `arrivals/${roomId}/${userId}`, max: settings.arrivalsPerWindow }],
    { now: clock.now(), windowMs: arrivalWindowMs },
  );
  return exceeded.length > 0;
}
