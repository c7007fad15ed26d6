/** The one kind of error whose message is written for whoever started the runtime: a single line, no stack. */

export class StartFailure extends Error {
  override name = 'StartFailure';
}
