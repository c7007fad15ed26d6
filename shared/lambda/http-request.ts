/** Reads path parameters, query and body from the gateway's event and validates them by a row of the contract. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Operation } from '../contract/http/operation.ts';
import { ChatError } from '../domain/chat-error.ts';
import { readJsonBody } from './request-body.ts';
import { validate } from './validate.ts';

type Event = APIGatewayProxyEventV2;

/** An id of the wrong form is answered like an id that does not exist. */
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
    // The text is not valid percent-encoding. The empty text is not a valid id, so the request is answered with 404.
    return '';
  }
}

/**
 * Returns the validated parts of a request.
 * @throws ChatError `not_found`, `invalid_request`, and the codes of `readJsonBody`
 */
export function readRequest(row: Operation, event: Event): Record<'params' | 'query' | 'body', unknown> {
  const params = readParams(row, event);
  const query = row.query && validate(row.query, event.queryStringParameters ?? {});
  if (row.body === undefined) return { params, query, body: undefined };
  const body = readJsonBody(event);
  if (body === undefined && row.bodyOptional === true) return { params, query, body: {} };
  return { params, query, body: validate(row.body, body) };
}
