/**
 * What one user may cost: a budget of micro-dollars for each minute, and of writes for each ten seconds, across HTTP and
 * every socket of theirs. It is charged before anything changes. The cost is an upper bound, known beforehand, of what AWS
 * charges for the request and for telling others of it, so the budget bounds the bill, whatever is asked for.
 */
import { ChatError } from '../chat-error.ts';
import type { BudgetStore } from '../ports/budget.ts';
import type { Clock } from '../ports/system.ts';

export const budgetMinuteMs = 60_000;
export const writeWindowMs = 10_000;

/** Users whose refusal one instance of a function remembers; the oldest are forgotten first. */
const refusalsRemembered = 5_000;

/** Light reads that one instance serves to one user in ten seconds; cheap enough not to be counted in the table. */
const lightReadsPerWindow = 300;

export interface Charge {
  costMicroDollars: number;
  /** It changes something that others are told of. */
  isWrite?: boolean;
}

export interface UserBudget {
  /** @throws ChatError `rate_limited` when the budget was spent before. */
  spend(userId: string, charge: Charge): Promise<void>;
  /** Charges what turned out to cost more, of something that is done already; refuses nothing. */
  charge(userId: string, costMicroDollars: number): Promise<void>;
  /** One more read that costs next to nothing, counted by this instance alone. @throws ChatError `rate_limited`. */
  spendLight(userId: string): void;
}

export interface BudgetSettings {
  microDollarsPerMinute: number;
  writesPer10Seconds: number;
}

/** Until when a user is known to be refused: remembered, so that a flood of refusals costs no writes. */
interface Refusal {
  untilMs: number;
  writesUntilMs: number;
}

export function userBudget(
  { budgets, clock }: { budgets: BudgetStore; clock: Clock },
  { microDollarsPerMinute, writesPer10Seconds }: BudgetSettings,
): UserBudget {
  const refusals = new Map<string, Refusal>();
  const lightReads = new Map<string, { startedAt: number; count: number }>();

  function refuse(userId: string, refusal: Partial<Refusal>): void {
    const known = refusals.get(userId) ?? { untilMs: 0, writesUntilMs: 0 };
    remember(refusals, userId, { ...known, ...refusal });
  }

  return {
    async spend(userId, { costMicroDollars, isWrite = false }) {
      const now = clock.now();
      const { untilMs, writesUntilMs } = refusals.get(userId) ?? { untilMs: 0, writesUntilMs: 0 };
      if (now < untilMs) throw tooMuch(untilMs - now);
      if (isWrite && now < writesUntilMs) throw tooMuch(writesUntilMs - now);
      const spending = { costMicroDollars, writes: isWrite ? 1 : 0 };
      const spent = await budgets.spend(userId, spending, now);
      if (spent.costMicroDollars - costMicroDollars >= microDollarsPerMinute) {
        const endsInMs = budgetMinuteMs - (now % budgetMinuteMs);
        refuse(userId, { untilMs: now + endsInMs });
        throw tooMuch(endsInMs);
      }
      if (isWrite && spent.writes > writesPer10Seconds) {
        const endsInMs = writeWindowMs - (now % writeWindowMs);
        refuse(userId, { writesUntilMs: now + endsInMs });
        throw tooMuch(endsInMs);
      }
    },
    async charge(userId, costMicroDollars) {
      if (costMicroDollars > 0) await budgets.spend(userId, { costMicroDollars, writes: 0 }, clock.now());
    },
    spendLight(userId) {
      const now = clock.now();
      const startedAt = now - (now % writeWindowMs);
      const known = lightReads.get(userId);
      const count = known?.startedAt === startedAt ? known.count + 1 : 1;
      remember(lightReads, userId, { startedAt, count });
      if (count > lightReadsPerWindow) throw tooMuch(startedAt + writeWindowMs - now);
    },
  };
}

function remember<T>(all: Map<string, T>, userId: string, value: T): void {
  const [oldest] = all.keys();
  if (!all.has(userId) && all.size >= refusalsRemembered && oldest !== undefined) all.delete(oldest);
  all.set(userId, value);
}

const tooMuch = (retryAfterMs: number): ChatError =>
  new ChatError('rate_limited', { detail: 'Too many requests. Wait before the next one.', retryAfterMs });
