/** The one error that the rules of chat throw; what the client sees of it is decided in `lambda/` and `realtime/`. */
import { errorCodes, type ErrorCode, type FieldError } from '../contract/errors.ts';

interface ChatErrorDetails {
  /** A sentence for people; the code's title otherwise. */
  detail?: string;
  fields?: readonly FieldError[];
  retryAfterMs?: number;
  cause?: unknown;
}

export class ChatError extends Error {
  override readonly name = 'ChatError';
  readonly code: ErrorCode;
  readonly fields: readonly FieldError[] | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, { detail, fields, retryAfterMs, cause }: ChatErrorDetails = {}) {
    super(detail ?? errorCodes[code].title, cause === undefined ? undefined : { cause });
    this.code = code;
    this.fields = fields;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Refuses one field of a request that its schema alone could not judge. */
export function invalidField(path: string, message: string): ChatError {
  return new ChatError('invalid_request', { fields: [{ path, message }] });
}
