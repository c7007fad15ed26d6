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
import { errorCodes } from '../contract/errors.ts';
import { ChatError } from '../domain/chat-error.ts';
import type { Caller } from '../domain/model.ts';
import type { RevocationStore, Tokens } from '../domain/ports/accounts.ts';
import type { Clock } from '../domain/ports/system.ts';
import type { UserBudget } from '../domain/rate-limits/user-budget.ts';
import type { UserRates } from '../domain/rate-limits/user-rates.ts';
import { authenticate } from './bearer.ts';
import { respond, type HttpAnswer } from './http-answer.ts';
import { readRequest } from './http-request.ts';
import { logCaller } from './log-caller.ts';
import { logger } from './logger.ts';
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
  /** Where the request came from. */
  address: string;
  userAgent: string | undefined;
}

export type HttpHandler<N extends OperationName> = (request: HttpRequest<N>) => Promise<HttpAnswer>;

/** One handler for each row of that function, no more and no fewer. */
export type HttpHandlers<F extends HttpFunction> = { [N in OperationsOf<F>]: HttpHandler<N> };

export type { HttpAnswer };

type Event = APIGatewayProxyEventV2;
type Result = APIGatewayProxyStructuredResultV2;

type HttpPorts = { clock: Clock; addressOf?: AddressOf; rates?: UserRates } & (
  | {
      tokens: Pick<Tokens, 'verifyAccess'>;
      revocations: Pick<RevocationStore, 'isRevoked'>;
      budget: Pick<UserBudget, 'spend' | 'spendLight'>;
    }
  // Functions without a single authenticated row.
  | { tokens?: undefined }
);

export function httpFunction<F extends HttpFunction>(
  name: F,
  handlers: HttpHandlers<F>,
  ports: HttpPorts,
): (event: Event, context: Context) => Promise<Result> {
  const rows = rowsOf(name);
  const limited = rows.find(([, row]) => row.rate !== undefined);
  if (limited !== undefined && ports.rates === undefined) throw new Error(`${limited[0]} needs rates`);
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
  const error = new ChatError('method_not_allowed', { detail: `This path does not support ${method}.` });
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
  ports: HttpPorts,
): Promise<Result> {
  const caller = row.auth === 'none' ? undefined : await identify(row, event, ports);
  if (row.auth === 'required' && caller === undefined) throw new ChatError('unauthorized');
  if (caller !== undefined) logCaller(caller);
  // Where nobody needs a token, whoever was signed out may as well have none.
  const mayGoOn = mustNotBeRevoked(row.auth === 'required' ? caller : undefined, ports);
  // Reading does no harm while that is looked up; its answer waits. A change waits before it begins.
  if (!onlyReads(row)) await mayGoOn;
  const [, answer] = await inOrder(mayGoOn, async () => {
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
    const ofBody = Math.ceil((perKilobyte * Buffer.byteLength(body)) / 1_024);
    await ports.budget.spend(userId, { costMicroDollars: costMicroDollars + ofBody, isWrite });
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

/** An access token goes on for minutes after its session was ended. Throws `unauthorized`. */
async function mustNotBeRevoked(caller: Caller | undefined, ports: HttpPorts): Promise<void> {
  if (caller === undefined || ports.tokens === undefined) return;
  if (await ports.revocations.isRevoked(caller)) throw new ChatError('unauthorized');
}

/** Not told by the method: a GET opens a direct room. */
const onlyReads = (row: Operation): boolean => row.methods.every((method) => method === 'GET');

/** Both at once; what is wrong with the first is told, whatever becomes of the second. */
async function inOrder<A, B>(first: Promise<A>, begin: () => Promise<B>): Promise<[A, B]> {
  const [one, two] = await Promise.allSettled([first, begin()]);
  if (one.status === 'rejected') throw one.reason;
  if (two.status === 'rejected') throw two.reason;
  return [one.value, two.value];
}

function answerError(event: Event, error: unknown): Result {
  const { requestId } = event.requestContext;
  const code = error instanceof ChatError ? error.code : 'internal_error';
  const { status } = errorCodes[code];
  if (status >= 500) logger.error('Failed', { error: error as Error, code });
  else logger.info('Refused', { route: event.routeKey, status, code });
  const allow = (error as { allow?: string }).allow;
  return problemResponse(error, requestId, {
    ...securityHeaders(event.headers),
    ...(allow === undefined ? {} : { allow }),
  });
}
