/** The long work that follows from a deletion, done in steps by the function `cleanup`. */

/** What is left to do. A task can be repeated, and continues where an earlier one ended. */
export type CleanupTask =
  /** Purges a deleted room. */
  | { kind: 'purge'; roomId: string }
  /** Erases a deleted account from its rooms. The number of the step tells the first one from the others. */
  | { kind: 'erasure'; userId: string; step: number };

/** Hands a task over to an invocation of its own, which runs at least once. */
export type EnqueueCleanup = (task: CleanupTask) => Promise<void>;
