/** The lines with which a counted function reports its calls on its output. */

/** Every such line begins with this. */
export const callMark = 'counted ';

/**
 * One request of a function, all posts of an invocation, the invocation itself, or a line of its log. Times are milliseconds of the
 * function's own clock.
 */
export interface Call {
  kind: 'invocation' | 'database' | 'post' | 'invoke' | 'log';
  /** As in `GetItem`. */
  name: string;
  /** The execution environment, and which of its invocations. */
  environment: string;
  invocation: number;
  start: number;
  end: number;
  /** How many posts an invocation made, from the start of the first to the end of the last; reported when it ends. */
  count?: number;
  /** The largest size of the heap during the invocation, garbage included. */
  heapBytes?: number;
  /** What CloudWatch Logs charges for the line, in bytes. */
  logBytes?: number;
  /** The consumed capacity according to the database. */
  readUnits?: number;
  writeUnits?: number;
}

/** Reported when an invocation begins, because more calls follow. */
export interface Beginning {
  kind: 'beginning';
  environment: string;
  invocation: number;
}
