/** What each user has spent in a minute, as items that end by themselves: one write for both windows. */
import type { BudgetStore } from '../domain/ports/budget.ts';
import { budgetMinuteMs, writeWindowMs } from '../domain/rate-limits/user-budget.ts';
import { accessPatterns } from './access-patterns.ts';
import { keys } from './keys.ts';
import { expiry } from './item.ts';
import type { Table } from './table.ts';

export function budgetStore(table: Table): BudgetStore {
  const db = accessPatterns(table);
  return {
    async spend(userId, { costMicroDollars, writes }, now) {
      const intoMinuteMs = now % budgetMinuteMs;
      const minuteStart = now - intoMinuteMs;
      const writesName = `writes_${Math.floor(intoMinuteMs / writeWindowMs)}`;
      const { item = {} } = await db.spend(
        keys.limit(`budget/${userId}`, minuteStart),
        { cost: costMicroDollars, ...(writes > 0 && { [writesName]: writes }) },
        expiry(minuteStart + budgetMinuteMs),
      );
      return {
        costMicroDollars: item['cost'] as number,
        writes: (item[writesName] as number | undefined) ?? 0,
      };
    },
  };
}
