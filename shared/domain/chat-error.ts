/** The only error that the domain throws. `lambda/` and `realtime/` decide what clients see of it. */
import { errorCodes, type ErrorCode, type FieldError } from '../contract/errors.ts';
import { fieldSentence } from './field-sentence.ts';

interface ChatErrorDetails {
  /** A sentence for the person who reads the error. Defaults to the sentence of the code. */
  detail?: string;
  /** The fields of the request that are invalid, each with the end of a sentence about it. */
  fields?: readonly FieldError[];
  /** How long the client should wait before it tries again. */
  retryAfterMs?: number;
  cause?: unknown;
}

/** An error with one of the codes of the contract. */
export class ChatError extends Error {
  override readonly name = 'ChatError';
  readonly code: ErrorCode;
  /** The fields of the request that are invalid, each with a sentence. */
  readonly fields: readonly FieldError[] | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, { detail, fields, retryAfterMs, cause }: ChatErrorDetails = {}) {
    super(detail ?? errorCodes[code].detail, cause === undefined ? undefined : { cause });
    this.code = code;
    this.fields = fields?.map(({ path, message }) => ({ path, message: fieldSentence({ path, message }) }));
    this.retryAfterMs = retryAfterMs;
  }
}

/** Creates the error for a field of a request whose schema is valid but whose value is not acceptable. */
export function invalidField(path: string, message: string): ChatError {
  return new ChatError('invalid_request', { fields: [{ path, message }] });
}
