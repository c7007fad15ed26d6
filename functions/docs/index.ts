/** The Lambda function that serves the documentation, whose answers are static, and the health of the stage. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ChatError } from '../../shared/domain/chat-error.ts';
import { answerOptions, MethodNotAllowed } from '../../shared/lambda/allowed-methods.ts';
import { readConfig } from '../../shared/lambda/config.ts';
import { assertFromEdge, type EdgeKeys } from '../../shared/lambda/edge-key.ts';
import { logger } from '../../shared/lambda/logger.ts';
import { metrics, withMetrics } from '../../shared/lambda/metrics.ts';
import { securityHeaders } from '../../shared/lambda/security-headers.ts';
import { problemResponse } from '../../shared/lambda/problem.ts';
import { clock } from '../../shared/lambda/system.ts';
import { answer } from './answer.ts';
import type { openResults } from './dependencies.ts';
import { promisesHealth } from './promises.ts';
import { findResource } from './resources.ts';

const allowedMethods = ['GET', 'HEAD'];

const config = readConfig('docs');
let results: ReturnType<typeof openResults> | undefined;
let edge: EdgeKeys | undefined;

/**
 * The path that stays reachable at the API's own address where everything else must come through the edge: a monitor can
 * then tell a failure of the edge from one of the API. It reads nothing, so it costs as little as a refusal.
 */
const isHealthPath = (path: string): boolean => /^\/health\/?$/.test(path);
const isPromisesPath = (path: string): boolean => /^\/health\/promises\/?$/.test(path);

/** Sends visitors of the root path to the documentation of the HTTP API. */
const redirectToSwagger = {
  statusCode: 302,
  headers: { location: '/swagger/', 'cache-control': 'no-cache' },
} satisfies APIGatewayProxyStructuredResultV2;

/**
 * Answers an HTTP API event (payload 2.0): GET, HEAD and OPTIONS of the paths in resources.ts and of the health of the
 * promises, 404 or 405 otherwise, and 403 where the edge is required and the request did not come through it.
 */
export const handler = withMetrics(
  async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const result = await serve(event).catch((error: unknown) => answerError(event, error));
    return { ...result, headers: { ...securityHeaders(event.headers), ...result.headers } };
  },
);

function answerError(
  { requestContext }: APIGatewayProxyEventV2,
  error: unknown,
): APIGatewayProxyStructuredResultV2 {
  if (!(error instanceof ChatError)) {
    metrics.add('RequestsFailed', 1);
    logger.error('Request failed', { error });
  }
  return problemResponse(error, requestContext.requestId);
}

async function serve(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const { requestId, http } = event.requestContext;
  if (config.requiresEdge && !isHealthPath(event.rawPath))
    await assertFromEdge(await edgeKeys(), event.headers);
  const found = findResource(event.rawPath);
  const isRoot = event.rawPath === '/' || event.rawPath === '';
  const isPromises = isPromisesPath(event.rawPath);
  const allowed = found === undefined && !isRoot && !isPromises ? undefined : allowedMethods;
  if (http.method === 'OPTIONS') return answerOptions(event, allowed);
  if (allowed === undefined) return problemResponse(new ChatError('not_found'), requestId);
  if (!allowed.includes(http.method)) {
    const refusal = new MethodNotAllowed(http.method, allowed);
    return problemResponse(refusal, requestId, { allow: refusal.allow });
  }
  if (isPromises) return answerPromises();
  return found === undefined ? redirectToSwagger : answer(event, found);
}

/** The result of the last check; the database's client is loaded for it alone. */
async function answerPromises(): Promise<APIGatewayProxyStructuredResultV2> {
  results ??= (await import('./dependencies.ts')).openResults(config.tableName);
  const body = promisesHealth(await results.get(), clock.now());
  const headers = { 'content-type': 'application/json', 'cache-control': 'public, max-age=10' };
  return { statusCode: 200, headers, body: JSON.stringify(body) };
}

/** The client of Secrets Manager is loaded only where the edge is required. */
async function edgeKeys(): Promise<EdgeKeys> {
  return (edge ??= (await import('./dependencies.ts')).openEdgeKeys(config.edgeKeySecretId));
}
