/** Limits how often one user may do things that affect others, in fixed windows shared by all functions. */
import type { LimitStore } from '../ports/accounts.ts';
import type { Clock } from '../ports/system.ts';
import { consumeLimit } from './fixed-window.ts';

const minuteMs = 60_000;

const windowsMs = {
  /** User lookups, which reveal who uses the service. */
  lookups: minuteMs,
  /** Tickets, each of which may become a connection. */
  tickets: minuteMs,
  /** Rooms created, over HTTP or by opening a socket. */
  rooms: 60 * minuteMs,
  /** Members added to private rooms, who cannot refuse. */
  additions: 60 * minuteMs,
} as const;

export type UserRate = keyof typeof windowsMs;

export interface UserRates {
  /**
   * Counts one of these for the user.
   * @throws ChatError `rate_limited` when it exceeds the limit
   */
  spend(rate: UserRate, userId: string): Promise<void>;
}

/** Creates the limits of one function. `max` must name every rate that the function spends. */
export function userRates(
  { limits, clock }: { limits: LimitStore; clock: Clock },
  max: Partial<Record<UserRate, number>>,
): UserRates {
  return {
    async spend(rate, userId) {
      const allowed = max[rate];
      if (allowed === undefined) throw new Error(`The limit of "${rate}" is not set for this function`);
      await consumeLimit(limits, {
        scope: `${rate}/${userId}`,
        windowMs: windowsMs[rate],
        max: allowed,
        now: clock.now(),
      });
    },
  };
}
