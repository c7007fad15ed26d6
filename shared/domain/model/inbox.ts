/** Watched inboxes: which users receive the activity of a room, and when it was last sent. Times are in milliseconds. */

/** A user who may have a socket that receives the activity of a room, until the watch expires by itself. */
export interface InboxWatch {
  userId: string;
  untilMs: number;
}

/** How far the activity of a room was sent. */
export interface ActivityPace {
  /** When the latest invocation that was enqueued sends, or has sent; 0 if none was. */
  dueAtMs: number;
  /** When it was last sent; 0 if never. */
  sentAtMs: number;
  /** The head up to which every watched inbox has received it. */
  sentSeq: number;
}

/** Sends the activity of a room to watched inboxes, as it is when the task is due. */
export interface ActivityTask {
  roomId: string;
  dueAtMs: number;
  /** The user who caused it, and is charged for it. */
  userId: string;
}

/** Hands a task over to an invocation of its own, which runs at least once. */
export type EnqueueActivity = (task: ActivityTask) => Promise<void>;
