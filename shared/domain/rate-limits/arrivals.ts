/**
 * How often one user may arrive in a room. An arrival is told to everybody there, and so is the leaving that follows, so
 * opening and closing one room in a loop would be noise to all of them at the price of one socket.
 */
import { countAttempt } from './fixed-window.ts';
import type { LimitStore } from '../ports/accounts.ts';
import type { Clock } from '../ports/system.ts';

export const arrivalWindowMs = 10_000;

/** Counts one; whether it is one too many. Only a user's first socket in a room arrives. */
export async function arrivesTooOften(
  ports: {
    limits: Pick<LimitStore, 'hit' | 'takeBack'>;
    clock: Clock;
    settings: { arrivalsPerWindow: number };
  },
  roomId: string,
  userId: string,
): Promise<boolean> {
  const { limits, clock, settings } = ports;
  const { exceeded } = await countAttempt(
    limits,
    [{ scope: `arrivals/${roomId}/${userId}`, most: settings.arrivalsPerWindow }],
    { now: clock.now(), windowMs: arrivalWindowMs },
  );
  return exceeded.length > 0;
}
