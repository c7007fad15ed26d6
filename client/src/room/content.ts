/** The rule for the content of a message, checked before the message enters the outbox. */
import { hasControlCharacter, hasVisibleCharacter } from '../../../shared/contract/characters.ts';
import { contentBytes, contentLength, contentRawLength } from '../../../shared/contract/limits.ts';
import type { ChatProblem } from '../problem.ts';
import * as problems from '../problems.ts';

/**
 * Checks content that is about to be sent. The server would refuse it too, but only after it had waited in the outbox.
 *
 * @param mayBeEmpty whether the message has attachments
 * @throws {ChatProblem} `invalid_request`
 */
export function assertSendable(content: string, mayBeEmpty = false): void {
  const problem = mayBeEmpty && content === '' ? undefined : problemOf(content);
  if (problem !== undefined) throw problem;
}

function problemOf(content: string): ChatProblem | undefined {
  const trimmedLength = content.trim().length;
  if (trimmedLength === 0) return problems.empty();
  if (trimmedLength > contentLength) return problems.tooLong(contentLength, 'characters');
  if (content.length > contentRawLength) return problems.whiteSpace();
  // Not `isWellFormed`, which some browsers that the bundle supports do not have.
  if (/\p{Surrogate}/u.test(content)) return problems.halfCharacter();
  if (hasControlCharacter(content)) return problems.controlCharacter();
  if (!hasVisibleCharacter(content)) return problems.invisible();
  const byteCount = encodeURIComponent(JSON.stringify(content)).replace(/%../g, '-').length - 2;
  return byteCount > contentBytes ? problems.tooLong(contentBytes, 'bytes') : undefined;
}
