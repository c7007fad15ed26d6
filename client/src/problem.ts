/** The client's error class: for problem documents, for `error` frames, and for requests without an answer. */
import type { ErrorCode, FieldError, FrameCodeName } from '../../shared/contract/errors.ts';
import type { EventOf } from '../../shared/contract/websocket/events.ts';

/**
 * The codes of the API, and those of the client itself:
 *
 * - `unreachable`: there was no answer from the server.
 * - `signed_out`: no user is signed in, or another user than the one who asked.
 * - `removed`: the user was removed from the room.
 * - `closed`: the room was deleted, or the view of it was closed.
 * - `timed_out`: the server did not open the room in time.
 */
export type ProblemCode =
  ErrorCode | FrameCodeName | 'unreachable' | 'signed_out' | 'removed' | 'closed' | 'timed_out';

export interface ProblemFields {
  code: ProblemCode;
  /** A sentence to show to the user. */
  detail: string;
  /** The HTTP status, or the numeric code of an `error` frame; 0 when there was no answer. */
  status?: number;
  /** The fields of the request that were refused. */
  errors?: readonly FieldError[];
  /** Milliseconds to wait before a retry. */
  retryAfterMs?: number;
  /** Whether the same request may succeed later. */
  retryable?: boolean;
  cause?: unknown;
}

/**
 * Every error that the client throws or shows. `code` is for programs, `detail` for users.
 *
 * @example
 * try {
 *   await client.signIn(username, password);
 * } catch (error) {
 *   if (error instanceof ChatProblem && error.code === 'invalid_credentials') showHint(error.detail);
 *   else throw error;
 * }
 */
export class ChatProblem extends Error {
  override readonly name = 'ChatProblem';
  readonly code: ProblemCode;
  readonly detail: string;
  readonly status: number;
  readonly errors: readonly FieldError[];
  readonly retryAfterMs: number | undefined;
  readonly retryable: boolean;

  constructor({
    code,
    detail,
    status = 0,
    errors = [],
    retryAfterMs,
    retryable = false,
    cause,
  }: ProblemFields) {
    super(detail, cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = detail;
    this.status = status;
    this.errors = errors;
    this.retryAfterMs = retryAfterMs;
    this.retryable = retryable;
  }
}

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
    detail: document.detail ?? document.message ?? `The server answered with status ${status}`,
    ...(document.errors === undefined ? {} : { errors: document.errors }),
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
    ...(event.retry_after_ms === undefined ? {} : { retryAfterMs: event.retry_after_ms }),
    retryable: event.retryable,
  });
}

/** Returns a thrown value as a problem; anything but a problem becomes `unreachable`. */
export function asProblem(error: unknown): ChatProblem {
  if (error instanceof ChatProblem) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new ChatProblem({ code: 'unreachable', detail, retryable: true, cause: error });
}
