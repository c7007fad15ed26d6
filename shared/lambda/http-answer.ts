/** From what a handler says to what the gateway is answered, by the row of the contract and with nothing beyond it. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Operation } from '../contract/http/operation.ts';
import { securityHeaders } from './security-headers.ts';

export interface HttpAnswer {
  status: number;
  /** JSON, by the row's schema; or text, with its content type among the headers. */
  body?: unknown;
  headers?: Record<string, string>;
  /** The query of the next page. */
  next?: Record<string, string | number> | undefined;
}

type Event = APIGatewayProxyEventV2;

/** Throws for an answer that the row does not know. */
export function respond(
  row: Operation,
  event: Event,
  { status, body, headers, next }: HttpAnswer,
): APIGatewayProxyStructuredResultV2 {
  const response = row.responses[status];
  if (response === undefined) throw new Error(`${row.path} has no answer with status ${status}`);
  const common = {
    'cache-control': 'no-store',
    ...securityHeaders(event.headers),
    ...(next === undefined ? {} : { link: nextLink(event, next) }),
    ...headers,
  };
  if (response === null) return { statusCode: status, headers: common };
  if (typeof response === 'string') return { statusCode: status, headers: common, body: String(body) };
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json', ...common },
    body: JSON.stringify(response.parse(body)),
  };
}

/** Relative, since the function does not know by which address it was reached. */
function nextLink({ rawPath, queryStringParameters }: Event, next: Record<string, string | number>): string {
  const query = new URLSearchParams({
    ...(queryStringParameters as Record<string, string> | undefined),
    ...Object.fromEntries(Object.entries(next).map(([name, value]) => [name, String(value)])),
  });
  return `<${rawPath}?${query.toString()}>; rel="next"`;
}
