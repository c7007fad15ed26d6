/** How often one user may do what costs more than it seems: counted in fixed windows, by whichever function does it. */
import { assertWithinLimit } from './fixed-window.ts';
import type { LimitStore } from '../ports/accounts.ts';
import type { Clock } from '../ports/system.ts';

const minuteMs = 60_000;

const windowsMs = {
  /** Looking people up: what tells who is here. */
  lookups: minuteMs,
  /** Tickets, each of which may become a socket. */
  tickets: minuteMs,
  /** Rooms made, by whichever way. */
  rooms: 60 * minuteMs,
  /** People added to private rooms, who cannot refuse it. */
  additions: 60 * minuteMs,
} as const;

export type UserRate = keyof typeof windowsMs;

export interface UserRates {
  /** One more of these by that user. Throws `rate_limited`. */
  spend(rate: UserRate, userId: string): Promise<void>;
}

/** `most` names every rate that the function spends. */
export function userRates(
  { limits, clock }: { limits: LimitStore; clock: Clock },
  most: Partial<Record<UserRate, number>>,
): UserRates {
  return {
    async spend(rate, userId) {
      const allowed = most[rate];
      if (allowed === undefined) throw new Error(`The rate of ${rate} is not set here`);
      await assertWithinLimit(limits, {
        scope: `${rate}/${userId}`,
        windowMs: windowsMs[rate],
        most: allowed,
        now: clock.now(),
      });
    },
  };
}
