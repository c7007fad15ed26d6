/**
 * Limits what one user may cost over HTTP and all their sockets: micro-dollars per minute and writes per ten
 * seconds. A request is charged before it changes anything, with an upper bound of what AWS charges for it
 * and for the fan-out that follows, so the budget bounds the bill whatever the requests are.
 */
import { ChatError } from '../chat-error.ts';
import type { BudgetStore } from '../ports/budget.ts';
import type { Clock } from '../ports/system.ts';

export const budgetMinuteMs = 60_000;
export const writeWindowMs = 10_000;

/** Beyond this number of users, one function instance forgets the oldest one. */
const maxUsersRemembered = 5_000;

/**
 * Light reads that one instance serves one user per ten seconds. They cost less than counting them in the
 * table would.
 */
const lightReadsPerWindow = 300;

export interface Charge {
  costMicroDollars: number;
  /** Whether it makes a change that is published to others. */
  isWrite?: boolean;
}

export interface UserBudget {
  /**
   * Charges a request before it runs. The request that reaches the limit is still served.
   * @throws ChatError `rate_limited` when the budget is already spent
   */
  spend(userId: string, charge: Charge): Promise<void>;
  /** Charges the further cost of a request that has been served. Never refuses. */
  charge(userId: string, costMicroDollars: number): Promise<void>;
  /**
   * Counts a read of a few items in the memory of this instance alone.
   * @throws ChatError `rate_limited` when the user makes too many of them
   */
  spendLight(userId: string): void;
}

export interface BudgetSettings {
  microDollarsPerMinute: number;
  writesPer10Seconds: number;
}

/**
 * When refusals of a user end, in milliseconds since 1970. Remembered, so that a flood of refused requests
 * costs no writes.
 */
interface Refusal {
  endsAtMs: number;
  writesEndAtMs: number;
}

/** Creates the budgets of all users, as one function instance charges them. */
export function userBudget(
  { budgets, clock }: { budgets: BudgetStore; clock: Clock },
  { microDollarsPerMinute, writesPer10Seconds }: BudgetSettings,
): UserBudget {
  const refusals = new Map<string, Refusal>();
  const lightReads = new Map<string, { startedAtMs: number; count: number }>();

  function refuse(userId: string, refusal: Partial<Refusal>): void {
    const known = refusals.get(userId) ?? { endsAtMs: 0, writesEndAtMs: 0 };
    remember(refusals, userId, { ...known, ...refusal });
  }

  return {
    async spend(userId, { costMicroDollars, isWrite = false }) {
      const now = clock.now();
      const { endsAtMs, writesEndAtMs } = refusals.get(userId) ?? { endsAtMs: 0, writesEndAtMs: 0 };
      if (now < endsAtMs) throw budgetSpent(endsAtMs - now);
      if (isWrite && now < writesEndAtMs) throw budgetSpent(writesEndAtMs - now);
      const spending = { costMicroDollars, writes: isWrite ? 1 : 0 };
      const spent = await budgets.spend(userId, spending, now);
      if (spent.costMicroDollars - costMicroDollars >= microDollarsPerMinute) {
        const endsInMs = budgetMinuteMs - (now % budgetMinuteMs);
        refuse(userId, { endsAtMs: now + endsInMs });
        throw budgetSpent(endsInMs);
      }
      if (isWrite && spent.writes > writesPer10Seconds) {
        const endsInMs = writeWindowMs - (now % writeWindowMs);
        refuse(userId, { writesEndAtMs: now + endsInMs });
        throw budgetSpent(endsInMs);
      }
    },
    async charge(userId, costMicroDollars) {
      if (costMicroDollars > 0) await budgets.spend(userId, { costMicroDollars, writes: 0 }, clock.now());
    },
    spendLight(userId) {
      const now = clock.now();
      const startedAtMs = now - (now % writeWindowMs);
      const known = lightReads.get(userId);
      const count = known?.startedAtMs === startedAtMs ? known.count + 1 : 1;
      remember(lightReads, userId, { startedAtMs, count });
      if (count > lightReadsPerWindow) throw budgetSpent(startedAtMs + writeWindowMs - now);
    },
  };
}

/** Sets the value of a user in a map of bounded size. */
function remember<T>(all: Map<string, T>, userId: string, value: T): void {
  const [oldest] = all.keys();
  if (!all.has(userId) && all.size >= maxUsersRemembered && oldest !== undefined) all.delete(oldest);
  all.set(userId, value);
}

const budgetSpent = (retryAfterMs: number): ChatError =>
  new ChatError('rate_limited', {
    detail: 'Too many requests. Wait before you send the next one.',
    retryAfterMs,
  });
