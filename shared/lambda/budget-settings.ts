/** The limits of a user's budget, for the functions that charge it. */
import type { BudgetSettings } from '../domain/rate-limits/user-budget.ts';
import type { ConfigOf } from './config.ts';

export function budgetSettings(
  config: ConfigOf<'microDollarsPerUserPerMinute' | 'messagesPerUserPer10Seconds'>,
): BudgetSettings {
  return {
    microDollarsPerMinute: config.microDollarsPerUserPerMinute,
    writesPer10Seconds: config.messagesPerUserPer10Seconds,
  };
}
