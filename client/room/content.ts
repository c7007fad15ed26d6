/** What may be sent at all, found out before it waits in an outbox in vain. */
import { ChatProblem } from '../problem.ts';

export const contentLength = 4_000;
export const frameBytes = 32 * 1024;
/** Room for the rest of the frame. */
const envelopeBytes = 512;

/** Throws `invalid_request`, `payload_too_large`. The gateway would end the socket over a frame that is too large. */
export function assertSendable(content: string): void {
  const { length } = content.trim();
  if (length === 0 || length > contentLength) {
    const detail =
      length === 0 ? 'There is nothing to send' : `A message takes at most ${contentLength} characters`;
    throw new ChatProblem({ code: 'invalid_request', status: 400, detail });
  }
  if (/\p{Surrogate}/u.test(content)) {
    throw new ChatProblem({
      code: 'invalid_request',
      status: 400,
      detail: 'The text holds half of a character',
    });
  }
  if (new TextEncoder().encode(JSON.stringify(content)).length + envelopeBytes > frameBytes) {
    throw new ChatProblem({ code: 'payload_too_large', status: 413, detail: 'The message is too large' });
  }
}
