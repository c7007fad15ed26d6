/** Turns the answer of a handler into the gateway's result, with only what the row of the contract allows. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Operation } from '../contract/http/operation.ts';
import type { PageWith } from '../domain/ports/page.ts';
import { securityHeaders } from './security-headers.ts';

export interface HttpAnswer {
  status: number;
  /** A value of the row's schema, sent as JSON; or a text, with its content type in the headers. */
  body?: unknown;
  headers?: Record<string, string>;
  /** The query parameters of the next page. */
  next?: Record<string, string | number> | undefined;
}

/** Answers one page. `next` is the query of the next page, or its cursor. */
export function pageAnswer<T>({ items, next }: PageWith<T, string | Record<string, number>>) {
  return { status: 200, body: items, next: typeof next === 'string' ? { cursor: next } : next } as const;
}

type Event = APIGatewayProxyEventV2;

/** @throws Error for a status that the row does not have, or a body that its schema does not accept */
export function respond(
  row: Operation,
  event: Event,
  { status, body, headers, next }: HttpAnswer,
): APIGatewayProxyStructuredResultV2 {
  const response = row.responses[status];
  if (response === undefined)
    throw new Error(`The contract has no response with status ${status} for ${row.path}`);
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

/** The link is relative, since the function does not know the host name that the client used. */
function nextLink({ rawPath, queryStringParameters }: Event, next: Record<string, string | number>): string {
  const query = new URLSearchParams({
    ...(queryStringParameters as Record<string, string> | undefined),
    ...Object.fromEntries(Object.entries(next).map(([name, value]) => [name, String(value)])),
  });
  return `<${rawPath}?${query.toString()}>; rel="next"`;
}
