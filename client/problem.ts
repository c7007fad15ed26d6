/** The one error that the client throws or shows: a problem document, an `error` frame, or a lost network, alike. */
import type { ErrorCode, FieldError, FrameCodeName } from '../shared/contract/errors.ts';
import type { EventOf } from '../shared/contract/websocket/events.ts';

/** Codes of the contract, and what only a client can find out. */
export type ProblemCode =
  ErrorCode | FrameCodeName | 'unreachable' | 'signed_out' | 'removed' | 'closed' | 'timed_out';

export interface ProblemFields {
  code: ProblemCode;
  /** A sentence for people. */
  detail: string;
  /** The HTTP status, or the code of an `error` frame; 0 when there was no answer. */
  status?: number;
  errors?: readonly FieldError[];
  retryAfterMs?: number;
  /** Whether the same may succeed later without a change. */
  retryable?: boolean;
  cause?: unknown;
}

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

/** From an HTTP answer that is no success; what is not a problem document (a proxy's page, say) gets a code by its status. */
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

/** From an `error` frame. */
export function problemOfFrame(event: EventOf<'error'>): ChatProblem {
  return new ChatProblem({
    status: event.code,
    code: event.name as FrameCodeName,
    detail: event.error,
    ...(event.retry_after_ms === undefined ? {} : { retryAfterMs: event.retry_after_ms }),
    retryable: event.retryable,
  });
}

/** Anything thrown, as a problem. */
export function asProblem(error: unknown): ChatProblem {
  if (error instanceof ChatProblem) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new ChatProblem({ code: 'unreachable', detail, retryable: true, cause: error });
}
