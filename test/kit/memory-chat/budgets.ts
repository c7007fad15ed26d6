/** The store of user budgets, which also records every spending for the tests. */
import type { BudgetStore, Spending } from '../../../shared/domain/ports/budget.ts';
import { budgetStore } from '../../../shared/storage/entities/budget.ts';
import type { Table } from '../../../shared/storage/table.ts';

export interface RecordedBudgets extends BudgetStore {
  /** Every spending, in order. */
  spent: (Spending & { userId: string })[];
}

export function recordedBudgets(table: Table): RecordedBudgets {
  const spent: RecordedBudgets['spent'] = [];
  const budgets = budgetStore(table);
  return {
    spent,
    async spend(userId, spending, now) {
      spent.push({ userId, ...spending });
      return budgets.spend(userId, spending, now);
    },
  };
}
