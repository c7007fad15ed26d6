/** Makes problems of what the server answers: they keep the server's sentence. */
import type { ErrorCode, FieldError, FrameCodeName } from './contract/errors.ts';
import type { EventOf } from './contract/events.ts';
import { ChatProblem } from './problem.ts';

const detailOfStatus = (status: number): string =>
  `The server answered with status ${status}. ${status >= 500 ? 'Try again in a moment.' : 'Check the address of the chat.'}`;

/**
 * Makes a problem of an HTTP error. An answer that is not a problem document, such as a proxy's page, gets a code by
 * its status.
 */
export function problemOfAnswer(status: number, body: unknown, retryAfter: string | null): ChatProblem {
  const document = (typeof body === 'object' && body !== null ? body : {}) as Partial<{
    code: ErrorCode;
    detail: string;
    message: string;
    errors: FieldError[];
  }>;
  const seconds = Number(retryAfter);
  return new ChatProblem({
    status,
    code: document.code ?? codeOfStatus(status),
    detail: document.detail ?? document.message ?? detailOfStatus(status),
    errors: document.errors,
    ...(retryAfter === null || Number.isNaN(seconds) ? {} : { retryAfterMs: seconds * 1_000 }),
    retryable: status === 429 || status >= 500,
  });
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 413) return 'payload_too_large';
  if (status === 429) return 'rate_limited';
  return status >= 500 ? 'try_again' : 'invalid_request';
}

/** Makes a problem of an `error` frame. */
export function problemOfFrame(event: EventOf<'error'>): ChatProblem {
  return new ChatProblem({
    status: event.code,
    code: event.name as FrameCodeName,
    detail: event.error,
    retryAfterMs: event.retry_after_ms,
    retryable: event.retryable,
  });
}
