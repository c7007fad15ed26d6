/**
 * An HTTP function, made of the contract's rows and a handler for each: routing, authentication, validation of
 * what comes and what goes, problems, and one log line a request.
 */
import middy from '@middy/core';
import httpRouterHandler from '@middy/http-router';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { HttpFunction, Method, Operation } from '../contract/http/operation.ts';
import {
  operations,
  type OperationName,
  type Operations,
  type OperationsOf,
  type RequestOf,
} from '../contract/http/operations.ts';
import { ChatError } from '../domain/chat-error.ts';
import type { Caller } from '../domain/model.ts';
import type { Clock, Tokens } from '../domain/ports.ts';
import { authenticate } from './bearer.ts';
import { logger } from './logger.ts';
import { problemOf, problemResponse } from './problem.ts';
import { readJsonBody } from './request-body.ts';
import { validate } from './validate.ts';

type CallerOf<N extends OperationName> = {
  required: Caller;
  optional: Caller | undefined;
  none: undefined;
}[Operations[N]['auth']];

export interface HttpRequest<N extends OperationName> extends RequestOf<N> {
  caller: CallerOf<N>;
  /** Where the request came from. */
  address: string;
}

export interface HttpAnswer {
  status: number;
  /** JSON, by the row's schema; or text, with its content type among the headers. */
  body?: unknown;
  headers?: Record<string, string>;
  /** The query of the next page. */
  next?: Record<string, string | number> | undefined;
}

export type HttpHandler<N extends OperationName> = (request: HttpRequest<N>) => Promise<HttpAnswer>;

/** One handler for each row of that function, no more and no fewer. */
export type HttpHandlers<F extends HttpFunction> = { [N in OperationsOf<F>]: HttpHandler<N> };

type Event = APIGatewayProxyEventV2;
type Result = APIGatewayProxyStructuredResultV2;

interface HttpPorts {
  /** Functions without a single authenticated row have none. */
  tokens?: Pick<Tokens, 'verifyAccess'>;
  clock: Clock;
}

export function httpFunction<F extends HttpFunction>(
  name: F,
  handlers: HttpHandlers<F>,
  ports: HttpPorts,
): (event: Event, context: Context) => Promise<Result> {
  const rows = rowsOf(name);
  const routes = rows.flatMap(([operationName, row]) => {
    const handler = handlers[operationName as OperationsOf<F>] as HttpHandler<OperationName>;
    return methodsOf(row).map((method) => ({
      method,
      path: row.path,
      handler: (event: Event) => serve(row, handler, event, ports),
    }));
  });
  const router = httpRouterHandler({
    routes: [...routes, ...refusedRoutes(rows)] as never,
    notFoundResponse: ({ method, path }: { method: string; path: string }) => {
      throw notFound(rows, method, path);
    },
  });
  return middy<Event, Result>(router as never)
    .before(({ event, context }) => {
      const { http, requestId } = event.requestContext;
      logger.resetKeys();
      logger.appendKeys({ request_id: requestId, invocation_id: context.awsRequestId, method: http.method });
    })
    .after(({ event, response }) => {
      logger.info('Answered', { route: event.routeKey, status: (response as Result).statusCode });
    })
    .onError((request) => {
      request.response = answerError(request.event, request.error);
    });
}

function rowsOf(name: HttpFunction): [string, Operation][] {
  return Object.entries(operations).filter(([, row]) => row.function === name);
}

const everyMethod = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

function methodsOf(row: Operation): string[] {
  return row.methods.includes('GET') ? [...row.methods, 'HEAD'] : [...row.methods];
}

/** A literal path takes its own methods only, also where a path with an id in it would match: no room is `mine`. */
function refusedRoutes(
  rows: [string, Operation][],
): { method: string; path: string; handler: () => never }[] {
  const literal = rows.filter(([, { path }]) => !path.includes('{'));
  return [...new Set(literal.map(([, { path }]) => path))].flatMap((path) => {
    const here = literal.filter(([, row]) => row.path === path);
    const taken = new Set(here.flatMap(([, row]) => methodsOf(row)));
    return everyMethod
      .filter((method) => !taken.has(method))
      .map((method) => ({
        method,
        path,
        handler: () => {
          throw methodNotAllowed(here, method);
        },
      }));
  });
}

/** 404, or 405 where the path is known and only the method is not. */
function notFound(rows: [string, Operation][], method: string, path: string): ChatError {
  const here = rows.filter(([, row]) => pathPattern(row.path).test(path));
  return here.length === 0 ? new ChatError('not_found') : methodNotAllowed(here, method);
}

function methodNotAllowed(here: [string, Operation][], method: string): ChatError {
  const error = new ChatError('method_not_allowed', { detail: `${method} is not one of the methods here` });
  const allow = [...new Set<Method>(here.flatMap(([, row]) => row.methods))].join(', ');
  return Object.assign(error, { allow });
}

function pathPattern(path: string): RegExp {
  return new RegExp(
    `^${path
      .replaceAll('.', '\\.')
      .replace(/\{[^}]+\}/g, '[^/]+')
      .replace(/\/$/, '')}/?$`,
  );
}

async function serve(
  row: Operation,
  handler: HttpHandler<OperationName>,
  event: Event,
  { tokens, clock }: HttpPorts,
): Promise<Result> {
  const caller =
    row.auth === 'none' || tokens === undefined
      ? undefined
      : await authenticate(tokens, event.headers['authorization'], {
          required: row.auth === 'required',
          now: clock.now(),
        });
  if (row.auth === 'required' && caller === undefined) throw new ChatError('unauthorized');
  const answer = await handler({
    ...readRequest(row, event),
    caller,
    address: event.requestContext.http.sourceIp,
  } as HttpRequest<OperationName>);
  return respond(row, event, answer);
}

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

function readRequest(row: Operation, event: Event): Record<'params' | 'query' | 'body', unknown> {
  const params = readParams(row, event);
  const query = row.query && validate(row.query, event.queryStringParameters ?? {});
  if (row.body === undefined) return { params, query, body: undefined };
  const body = readJsonBody(event);
  if (body === undefined && row.bodyOptional === true) return { params, query, body: {} };
  return { params, query, body: validate(row.body, body) };
}

function respond(row: Operation, event: Event, { status, body, headers, next }: HttpAnswer): Result {
  const response = row.responses[status];
  if (response === undefined) throw new Error(`${row.path} has no answer with status ${status}`);
  const common = {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
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

function answerError(event: Event, error: unknown): Result {
  const { requestId } = event.requestContext;
  const { status, code } = problemOf(error, requestId);
  if (status >= 500) logger.error('Failed', { error: error as Error, code });
  else logger.info('Refused', { route: event.routeKey, status, code });
  const allow = (error as { allow?: string }).allow;
  return problemResponse(error, requestId, {
    'x-content-type-options': 'nosniff',
    ...(allow === undefined ? {} : { allow }),
  });
}
