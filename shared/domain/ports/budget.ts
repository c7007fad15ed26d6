/** What users spent of their budgets, as the domain needs it from storage. */

export interface Spending {
  costMicroDollars: number;
  /** Changes that others are notified of, which also count in windows of ten seconds. */
  writes: number;
}

export interface BudgetStore {
  /** Adds to the minute of `now` and to its window of ten seconds, in one write. Returns the sum of each. */
  spend(userId: string, spending: Spending, now: number): Promise<Spending>;
}
