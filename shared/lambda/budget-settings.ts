/** The settings of a user's budget, for the functions that charge it. */
import type { BudgetSettings } from '../domain/rate-limits/user-budget.ts';
import type { Config } from './config.ts';

export const budgetVariables = ['MICRO_DOLLARS_PER_USER_PER_MINUTE', 'MESSAGES_PER_10_SECONDS'] as const;

export function budgetSettings(config: Config<(typeof budgetVariables)[number]>): BudgetSettings {
  return {
    microDollarsPerMinute: config.MICRO_DOLLARS_PER_USER_PER_MINUTE,
    writesPer10Seconds: config.MESSAGES_PER_10_SECONDS,
  };
}
