/** The methods of each path of the contract: the header `Allow`, refusals of other methods, and answers to OPTIONS. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Operation } from '../contract/http/operation.ts';
import { ChatError } from '../domain/chat-error.ts';
import { problemResponse } from './problem.ts';
import { securityHeaders } from './security-headers.ts';

type PathRow = Pick<Operation, 'methods' | 'path'>;

/** The methods that a function may receive, besides OPTIONS. */
const allMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Returns the methods of a row. HEAD is answered wherever GET is. */
export function methodsOf({ methods }: Pick<PathRow, 'methods'>): string[] {
  return methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}

/**
 * Returns the methods of the contract's path that a request's path matches, with or without a trailing slash; undefined
 * when no path matches. A literal path takes precedence over one with a parameter, as in the router: `/chat/rooms/mine/`
 * is not a room.
 */
export function allowedMethods(rows: readonly PathRow[], path: string): string[] | undefined {
  const matching = rows.filter((row) => pathPattern(row.path).test(path));
  const literal = matching.filter((row) => !row.path.includes('{'));
  const matched = (literal[0] ?? matching[0])?.path;
  if (matched === undefined) return undefined;
  return [...new Set(matching.filter((row) => row.path === matched).flatMap(methodsOf))];
}

/** Returns each literal path of the rows with the methods that it does not support. */
export function refusedMethods(rows: readonly PathRow[]): { path: string; method: string }[] {
  const literalPaths = new Set(rows.filter(({ path }) => !path.includes('{')).map(({ path }) => path));
  return [...literalPaths].flatMap((path) => {
    const allowed = allowedMethods(rows, path) ?? [];
    return allMethods.filter((method) => !allowed.includes(method)).map((method) => ({ path, method }));
  });
}

/** The refusal of a method, with the value of its `Allow` header. */
export class MethodNotAllowed extends ChatError {
  readonly allow: string;

  constructor(method: string, allowed: readonly string[]) {
    super('method_not_allowed', { detail: `This path does not support ${method}.` });
    this.allow = allowed.join(', ');
  }
}

/**
 * Returns the answer to an OPTIONS request for a path with these methods; undefined methods mean an unknown path.
 *
 * API Gateway passes the preflights of browsers to the function, because its routes match every method, and adds the CORS
 * headers to this answer. A preflight of an unknown path succeeds too: only then may the browser send the request itself
 * and show its 404.
 * Any other OPTIONS request for an unknown path is answered with `not_found`.
 */
export function answerOptions(
  { headers, requestContext }: Pick<APIGatewayProxyEventV2, 'headers' | 'requestContext'>,
  allowed: readonly string[] | undefined,
): APIGatewayProxyStructuredResultV2 {
  const isPreflight =
    headers['origin'] !== undefined && headers['access-control-request-method'] !== undefined;
  if (allowed === undefined && !isPreflight)
    return problemResponse(new ChatError('not_found'), requestContext.requestId, securityHeaders(headers));
  return {
    statusCode: 204,
    headers: {
      ...securityHeaders(headers),
      'cache-control': 'no-store',
      ...(allowed === undefined ? {} : { allow: allowed.join(', ') }),
    },
  };
}

function pathPattern(path: string): RegExp {
  const source = path
    .replaceAll('.', '\\.')
    .replace(/\{[^}]+\}/g, '[^/]+')
    .replace(/\/$/, '');
  return new RegExp(`^${source}/?$`);
}
