/** From the gateway's event to what a row of the contract takes: path, query and body, validated. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Operation } from '../contract/http/operation.ts';
import { ChatError } from '../domain/chat-error.ts';
import { readJsonBody } from './request-body.ts';
import { validate } from './validate.ts';

type Event = APIGatewayProxyEventV2;

/** Ids that cannot be anybody's are answered like ids that are nobody's. */
function readParams(row: Operation, event: Event): unknown {
  if (row.params === undefined) return undefined;
  const decoded = Object.fromEntries(
    Object.entries(event.pathParameters ?? {}).map(([name, value]) => [name, decodePart(value ?? '')]),
  );
  const result = row.params.safeParse(decoded);
  if (!result.success) throw new ChatError('not_found');
  return result.data;
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Not percent-encoding: no id has such a form.
    return '';
  }
}

/** What a request says, by its row. Throws `not_found`, `invalid_request`, and what a body is refused with. */
export function readRequest(row: Operation, event: Event): Record<'params' | 'query' | 'body', unknown> {
  const params = readParams(row, event);
  const query = row.query && validate(row.query, event.queryStringParameters ?? {});
  if (row.body === undefined) return { params, query, body: undefined };
  const body = readJsonBody(event);
  if (body === undefined && row.bodyOptional === true) return { params, query, body: {} };
  return { params, query, body: validate(row.body, body) };
}
