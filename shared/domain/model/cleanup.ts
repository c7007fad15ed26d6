/** The long work that follows from a deletion, done in steps by the function `cleanup`. */

import type { UploadPlace } from './uploads.ts';

/** What is left to do. A task can be repeated, and continues where an earlier one ended. */
export type CleanupTask =
  /** Keeps objects, whose files a message or a profile shows now. */
  | { kind: 'keep_files'; keys: string[] }
  /** Removes objects, whose files no message and no profile shows any more, and then the uploads that they were. */
  | { kind: 'remove_files'; keys: string[]; uploads: UploadPlace[] }
  /** Purges a deleted room. */
  | { kind: 'purge'; roomId: string }
  /** Erases a deleted account from its rooms. The number of the step tells the first one from the others. */
  | { kind: 'erasure'; userId: string; step: number };

/** Hands a task over to an invocation of its own, which runs at least once. */
export type EnqueueCleanup = (task: CleanupTask) => Promise<void>;
