/** Changes the steps of a table's transactions, for stores whose conditions are broken on purpose. */
import type { Step, Table } from '../../shared/storage/table.ts';

/** Returns the same table, except that `change` is applied to every step of a transaction before it is written. */
export function withChangedSteps(table: Table, change: (step: Step) => Step): Table {
  return Object.create(table, {
    transact: { value: (steps: Step[]) => table.transact(steps.map(change)) },
  }) as Table;
}

/** Returns the step with a condition that compares with the highest seq, so that no stored seq is a later one. */
export function withHighestSeq(step: Step): Step {
  const { condition } = step;
  if (condition === undefined) return step;
  const values = Object.fromEntries(
    Object.entries(condition.values ?? {}).map(([name, value]) => [
      name,
      typeof value === 'number' ? Number.MAX_SAFE_INTEGER : value,
    ]),
  );
  return { ...step, condition: { ...condition, values } };
}
