/** The function's own errors, in the form that all functions answer with. */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { errorCodes, type ErrorCode } from '../../shared/contract/errors.ts';

/** An RFC 9457 answer for one code of the contract's list. */
export function problem(
  code: ErrorCode,
  detail: string,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyStructuredResultV2 {
  const { status, title } = errorCodes[code];
  return {
    statusCode: status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify({ type: 'about:blank', title, status, detail, code, request_id: requestId }),
  };
}
