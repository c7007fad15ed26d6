/** The error for a stage that cannot be deployed as its operator described it. */

/** Has a message of one line that says what to change; the commands print it without a stack trace. */
export class InvalidStageError extends Error {
  override readonly name = 'InvalidStageError';
}
