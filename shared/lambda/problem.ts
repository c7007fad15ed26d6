/** The HTTP answers to errors: problem documents that never contain anything internal. */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { problemOf } from '../contract/problem.ts';
import { ChatError } from '../domain/chat-error.ts';

/** Returns the answer to an error. An error that is not a `ChatError` becomes a plain 500. */
export function problemResponse(
  error: unknown,
  requestId: string,
  headers: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 {
  const known = error instanceof ChatError ? error : new ChatError('internal_error');
  const { retryAfterMs = known.code === 'rate_limited' ? 1_000 : undefined } = known;
  const problem = problemOf(known.code, requestId, { detail: known.message, fields: known.fields });
  return {
    statusCode: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(problem.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...(retryAfterMs === undefined
        ? {}
        : { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1_000))) }),
      ...headers,
    },
    body: JSON.stringify(problem),
  };
}
