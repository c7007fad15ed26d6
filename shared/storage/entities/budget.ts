/** What users spent of their budgets: one item for each minute, which also counts the writes of each ten seconds. */
import type { BudgetStore } from '../../domain/ports/budget.ts';
import { budgetMinuteMs, writeWindowMs } from '../../domain/rate-limits/user-budget.ts';
import { accessPattern } from '../access-pattern.ts';
import { number, withDefault } from '../attributes.ts';
import { defineEntity } from '../entity.ts';
import { expiry } from '../item.ts';
import type { Table } from '../table.ts';

/** The writes of one window of ten seconds. */
const writesIn = (window: number) => withDefault(number(`writes_${window}`), 0);

export const budget = defineEntity({
  name: 'budget',
  description: 'what one user spent in one minute',
  pk: 'LIMIT#budget/{userId}',
  sk: '{minuteStart}',
  attributes: {
    costMicroDollars: number('cost'),
    writes0: writesIn(0),
    writes1: writesIn(1),
    writes2: writesIn(2),
    writes3: writesIn(3),
    writes4: writesIn(4),
    writes5: writesIn(5),
  },
  endsBy: 'with its minute',
});

export const budgetStore = (table: Table): BudgetStore => ({
  spend: accessPattern(
    'UpdateItem',
    'Adds to the cost of a minute and to the writes of ten seconds, in one write.',
    async (userId, { costMicroDollars, writes }, now) => {
      const intoMinuteMs = now % budgetMinuteMs;
      const minuteStart = now - intoMinuteMs;
      const { name, parse } = writesIn(Math.floor(intoMinuteMs / writeWindowMs));
      const { item = {} } = await table.update(budget.key({ userId, minuteStart }), {
        add: { cost: costMicroDollars, ...(writes > 0 && { [name]: writes }) },
        set: { ttl: expiry(minuteStart + budgetMinuteMs) },
      });
      return { costMicroDollars: budget.parse(item).costMicroDollars, writes: parse(item[name], name) };
    },
  ),
});
