/**
 * Makes an HTTP function from the rows of the contract and a handler for each: routing, authentication, charges, validation
 * of requests and responses, errors, and one log line for each request.
 */
import middy from '@middy/core';
import httpRouterHandler from '@middy/http-router';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { HttpFunction, Operation } from '../contract/http/operation.ts';
import {
  operations,
  type OperationName,
  type Operations,
  type OperationsOf,
  type RequestOf,
} from '../contract/http/operations.ts';
import { errorCodes } from '../contract/errors.ts';
import { ChatError } from '../domain/chat-error.ts';
import type { Caller } from '../domain/model/accounts.ts';
import type { RevocationStore, Tokens } from '../domain/ports/accounts.ts';
import type { Clock } from '../domain/ports/system.ts';
import type { UserBudget } from '../domain/rate-limits/user-budget.ts';
import type { UserRates } from '../domain/rate-limits/user-rates.ts';
import {
  allowedMethods,
  answerOptions,
  MethodNotAllowed,
  methodsOf,
  refusedMethods,
} from './allowed-methods.ts';
import { authenticate } from './bearer.ts';
import { assertFromEdge, type EdgeKeys } from './edge-key.ts';
import { respond, type HttpAnswer } from './http-answer.ts';
import { readRequest } from './http-request.ts';
import { logCaller } from './log-caller.ts';
import { logger } from './logger.ts';
import { lambdaEndsTimeouts } from './timeouts.ts';
import { metrics, withMetrics } from './metrics.ts';
import { problemResponse } from './problem.ts';
import { securityHeaders } from './security-headers.ts';
import { gatewayAddress, type AddressOf } from './viewer-address.ts';

type CallerOf<N extends OperationName> = {
  required: Caller;
  optional: Caller | undefined;
  none: undefined;
}[Operations[N]['auth']];

export interface HttpRequest<N extends OperationName> extends RequestOf<N> {
  caller: CallerOf<N>;
  /** The IP address of the client, or the network of an IPv6 address. */
  address: string;
  userAgent: string | undefined;
}

export type HttpHandler<N extends OperationName> = (request: HttpRequest<N>) => Promise<HttpAnswer>;

/** Exactly one handler for each row of the function. */
export type HttpHandlers<F extends HttpFunction> = { [N in OperationsOf<F>]: HttpHandler<N> };

export type { HttpAnswer };

type Event = APIGatewayProxyEventV2;
type Result = APIGatewayProxyStructuredResultV2;

type HttpPorts = {
  clock: Clock;
  addressOf?: AddressOf;
  rates?: UserRates;
  /** Refuses requests that did not come through the edge; absent where every client may use the API's own address. */
  requiredEdge?: EdgeKeys;
} & (
  | {
      tokens: Pick<Tokens, 'verifyAccess'>;
      revocations: Pick<RevocationStore, 'isRevoked'>;
      budget: Pick<UserBudget, 'spend' | 'spendLight'>;
    }
  // For functions whose rows need no authentication.
  | { tokens?: undefined }
);

/**
 * Returns the Lambda handler. An error becomes a problem document with the status of its code.
 * @throws Error when a row is rate limited and no rates are given
 */
export function httpFunction<F extends HttpFunction>(
  name: F,
  handlers: HttpHandlers<F>,
  ports: HttpPorts,
): (event: Event, context: Context) => Promise<Result> {
  const rows = rowsOf(name);
  const paths = rows.map(([, row]) => row);
  const limited = rows.find(([, row]) => row.rate !== undefined);
  if (limited !== undefined && ports.rates === undefined)
    throw new Error(`${limited[0]} is rate limited, but the function has no rates`);
  const routes = rows.flatMap(([operationName, row]) => {
    const handler = handlers[operationName as OperationsOf<F>] as HttpHandler<OperationName>;
    return methodsOf(row).map((method) => ({
      method,
      path: row.path,
      handler: (event: Event) => serve(row, handler, event, ports),
    }));
  });
  const router = httpRouterHandler({
    routes: [...routes, ...refusedRoutes(paths)] as never,
    notFoundResponse: ({ method, path }: { method: string; path: string }) => {
      throw refusal(paths, method, path);
    },
  }) as unknown as (event: Event, context: Context) => Promise<Result>;
  const answer = async (event: Event, context: Context): Promise<Result> => {
    const { method, path } = event.requestContext.http;
    if (method === 'OPTIONS') return answerOptions(event, allowedMethods(paths, path));
    return router(event, context);
  };
  const handle = middy<Event, Result>(answer, lambdaEndsTimeouts)
    .before(async ({ event, context }) => {
      const { http, requestId } = event.requestContext;
      logger.resetKeys();
      logger.appendKeys({ request_id: requestId, invocation_id: context.awsRequestId, method: http.method });
      if (ports.requiredEdge !== undefined) await assertFromEdge(ports.requiredEdge, event.headers);
    })
    .after(({ event, response }) => {
      logger.info('Request answered', { route: event.routeKey, status: (response as Result).statusCode });
    })
    .onError((request) => {
      request.response = answerError(request.event, request.error);
    });
  return withMetrics((event: Event, context: Context) => handle(event, context));
}

function rowsOf(name: HttpFunction): [string, Operation][] {
  return Object.entries(operations).filter(([, row]) => row.function === name);
}

/**
 * Returns routes that refuse the other methods of literal paths. Without them, such a request would match a path with a
 * parameter: `DELETE /chat/rooms/mine/` would be handled as the deletion of a room with the id `mine`.
 */
function refusedRoutes(rows: readonly Operation[]): { method: string; path: string; handler: () => never }[] {
  return refusedMethods(rows).map(({ method, path }) => ({
    method,
    path,
    handler: () => {
      throw refusal(rows, method, path);
    },
  }));
}

/** Returns `method_not_allowed` when the path has other methods, and `not_found` otherwise. */
function refusal(rows: readonly Operation[], method: string, path: string): ChatError {
  const allowed = allowedMethods(rows, path);
  return allowed === undefined ? new ChatError('not_found') : new MethodNotAllowed(method, allowed);
}

async function serve(
  row: Operation,
  handler: HttpHandler<OperationName>,
  event: Event,
  ports: HttpPorts,
): Promise<Result> {
  const caller = row.auth === 'none' ? undefined : await identify(row, event, ports);
  if (row.auth === 'required' && caller === undefined) throw new ChatError('unauthorized');
  if (caller !== undefined) logCaller(caller);
  // An optional token is not checked for revocation: the caller could send the same request without it.
  const checkingRevocation = assertNotRevoked(row.auth === 'required' ? caller : undefined, ports);
  // A change must not start before the check is done. A read may run during it, but is not answered before.
  if (!onlyReads(row)) await checkingRevocation;
  const [, answer] = await inOrder(checkingRevocation, async () => {
    const request = readRequest(row, event);
    if (caller !== undefined) await chargeCaller(row, caller, event, ports);
    return handler({
      ...request,
      caller,
      address: await (ports.addressOf ?? gatewayAddress)(event),
      userAgent: event.requestContext.http.userAgent || undefined,
    } as HttpRequest<OperationName>);
  });
  return respond(row, event, answer);
}

async function chargeCaller(
  row: Operation,
  { userId }: Caller,
  { body = '' }: Event,
  ports: HttpPorts,
): Promise<void> {
  if (ports.tokens === undefined) return;
  if (row.charge === undefined) ports.budget.spendLight(userId);
  else {
    const { costMicroDollars, perKilobyte = 0, isWrite = false } = row.charge;
    const bodyCostMicroDollars = Math.ceil((perKilobyte * Buffer.byteLength(body)) / 1_024);
    await ports.budget.spend(userId, { costMicroDollars: costMicroDollars + bodyCostMicroDollars, isWrite });
  }
  if (row.rate !== undefined) await ports.rates?.spend(row.rate, userId);
}

async function identify(
  row: Operation,
  event: Event,
  { tokens, clock }: HttpPorts,
): Promise<Caller | undefined> {
  if (tokens === undefined) return undefined;
  const isRequired = row.auth === 'required';
  return authenticate(tokens, event.headers['authorization'], { required: isRequired, now: clock.now() });
}

/**
 * Checks that the caller's session has not ended, since its access tokens do not expire with it.
 * @throws ChatError `unauthorized`
 */
async function assertNotRevoked(caller: Caller | undefined, ports: HttpPorts): Promise<void> {
  if (caller === undefined || ports.tokens === undefined) return;
  if (await ports.revocations.isRevoked(caller)) throw new ChatError('unauthorized');
}

/** Looks at all methods of the row, since a direct room can be opened with GET or POST. */
const onlyReads = (row: Operation): boolean => row.methods.every((method) => method === 'GET');

/** Runs both concurrently. When both fail, the error of the first is thrown. */
async function inOrder<A, B>(first: Promise<A>, startSecond: () => Promise<B>): Promise<[A, B]> {
  const [firstResult, secondResult] = await Promise.allSettled([first, startSecond()]);
  if (firstResult.status === 'rejected') throw firstResult.reason;
  if (secondResult.status === 'rejected') throw secondResult.reason;
  return [firstResult.value, secondResult.value];
}

function answerError(event: Event, error: unknown): Result {
  const { requestId } = event.requestContext;
  const code = error instanceof ChatError ? error.code : 'internal_error';
  const { status } = errorCodes[code];
  if (status >= 500) {
    metrics.add('RequestsFailed', 1);
    logger.error('Request failed', { error: error as Error, code });
  } else logger.info('Request refused', { route: event.routeKey, status, code });
  return problemResponse(error, requestId, {
    ...securityHeaders(event.headers),
    ...(error instanceof MethodNotAllowed ? { allow: error.allow } : {}),
  });
}
