/** The client's error class. */
import type { ErrorCode, FieldError, FrameCodeName } from './contract/errors.ts';

/**
 * The codes of the API, and those of the client itself:
 *
 * - `unreachable`: there was no answer from the server.
 * - `signed_out`: no user is signed in, or another user than the one who asked.
 * - `removed`: the user was removed from the room.
 * - `closed`: the room was deleted, or the view of it was closed.
 * - `timed_out`: the server did not open the room in time.
 * - `not_available`: the client was created without what this needs, such as a WebSocket class.
 * - `outbox_full`: too many files wait to be sent on this device.
 * - `canceled`: the user has stopped the upload.
 * - `file_lost`: this device does not have the file of an unsent message any more.
 * - `not_stored`: the browser stores nothing, so tokens, unsent messages or rooms are in memory only.
 */
export type ProblemCode =
  | ErrorCode
  | FrameCodeName
  | 'unreachable'
  | 'signed_out'
  | 'removed'
  | 'closed'
  | 'timed_out'
  | 'not_available'
  | 'not_stored'
  | 'outbox_full'
  | 'canceled'
  | 'file_lost';

/** What a `ChatProblem` is made of. */
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

/** Returns the host to name in a sentence. */
export const hostOf = (url: string): string => url.replace(/^\w+:\/\//, '').replace(/[/?].*$/s, '');

/** Returns the text as a sentence. */
export const toSentence = (text: string): string => text.replace(/[.!?]?$/, '.');

/** Returns a thrown value as a problem; anything but a problem becomes `unreachable`. */
export function asProblem(error: unknown): ChatProblem {
  if (error instanceof ChatProblem) return error;
  const what = toSentence(error instanceof Error ? error.message : String(error));
  return new ChatProblem({
    code: 'unreachable',
    detail: `${what} Try again.`,
    retryable: true,
    cause: error,
  });
}
