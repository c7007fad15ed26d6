/** What the rules of chat ask of storage about what users have spent. */

export interface Spending {
  costMicroDollars: number;
  /** Changes that are told to others: counted in parts of ten seconds as well. */
  writes: number;
}

export interface BudgetStore {
  /** Adds to the minute of `now` and to its part of ten seconds, in one write; what each comes to. */
  spend(userId: string, spending: Spending, now: number): Promise<Spending>;
}
