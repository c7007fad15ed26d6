/** An error that prevents the start. Its message is printed in one line, without a stack trace. */

export class StartFailure extends Error {
  override name = 'StartFailure';
}
