/** The rule for the content of a message, checked before the message enters the outbox. */
import { hasControlCharacter, hasVisibleCharacter } from '../../../shared/contract/characters.ts';
import { contentBytes, contentLength, contentRawLength } from '../../../shared/contract/limits.ts';
import { problems } from '../problem.ts';

/**
 * Checks content that is about to be sent. The server would refuse it too, but only after it had waited in the outbox.
 *
 * @throws {ChatProblem} `invalid_request`
 */
export function assertSendable(content: string): void {
  const detail = faultOf(content);
  if (detail !== undefined) throw problems.content(detail);
}

function faultOf(content: string): string | undefined {
  const trimmedLength = content.trim().length;
  if (trimmedLength === 0) return 'The message is empty. Write something.';
  if (trimmedLength > contentLength)
    return `A message can have at most ${contentLength} characters. Shorten it.`;
  if (content.length > contentRawLength)
    return 'The message has too much white space around it. Remove some.';
  // Not `isWellFormed`, which some browsers that the bundle supports do not have.
  if (/\p{Surrogate}/u.test(content))
    return 'The message contains an incomplete character (half of a surrogate pair). Remove it.';
  if (hasControlCharacter(content)) {
    return 'The message contains a control character other than tab and line break. Remove it.';
  }
  if (!hasVisibleCharacter(content)) return 'The message has no visible character. Write something.';
  if (encodeURIComponent(JSON.stringify(content)).replace(/%../g, '-').length - 2 > contentBytes) {
    return `A message can have at most ${contentBytes} bytes. Shorten it.`;
  }
  return undefined;
}
