/** What a counted function tells of itself: one line of its output for each. */

/** How such a line begins. */
export const callMark = 'counted ';

/** One request of a function, all posts of an invocation, or the invocation itself. Times are milliseconds of the function's own clock. */
export interface Call {
  kind: 'invocation' | 'database' | 'post' | 'invoke';
  /** As in `GetItem`. */
  name: string;
  /** The execution environment, and which of its invocations. */
  environment: string;
  invocation: number;
  start: number;
  end: number;
  /** How many posts an invocation made, from the start of the first to the end of the last; told when it ends. */
  count?: number;
  /** The most that its heap held while the invocation ran, garbage included. */
  heapBytes?: number;
  /** Capacity that the database says it took. */
  readUnits?: number;
  writeUnits?: number;
}

/** Sent when an invocation begins, so that whoever counts knows that more will come. */
export interface Beginning {
  kind: 'beginning';
  environment: string;
  invocation: number;
}
