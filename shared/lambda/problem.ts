/** Errors as HTTP clients see them: RFC 9457 problem documents, never with anything internal in them. */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { errorCodes, type ErrorCode, type FieldError } from '../contract/errors.ts';
import { ChatError } from '../domain/chat-error.ts';

export interface Problem {
  type: 'about:blank';
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  request_id: string;
  errors?: readonly FieldError[];
}

/** What is not a `ChatError` becomes a plain 500. */
export function problemOf(error: unknown, requestId: string): Problem {
  const known = error instanceof ChatError ? error : new ChatError('internal_error');
  const { status, title } = errorCodes[known.code];
  return {
    type: 'about:blank',
    title,
    status,
    detail: known.message,
    code: known.code,
    request_id: requestId,
    ...(known.fields === undefined ? {} : { errors: known.fields }),
  };
}

export function problemResponse(
  error: unknown,
  requestId: string,
  headers: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 {
  const problem = problemOf(error, requestId);
  const retryAfterMs = error instanceof ChatError ? error.retryAfterMs : undefined;
  return {
    statusCode: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(problem.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...(problem.status === 429
        ? { 'retry-after': String(Math.max(1, Math.ceil((retryAfterMs ?? 1_000) / 1_000))) }
        : {}),
      ...headers,
    },
    body: JSON.stringify(problem),
  };
}
