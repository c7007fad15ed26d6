/** The Lambda function that serves the documentation, whose answers are static, and the health of the stage. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ChatError } from '../../shared/domain/chat-error.ts';
import { answerOptions, MethodNotAllowed } from '../../shared/lambda/allowed-methods.ts';
import { readConfig } from '../../shared/lambda/config.ts';
import { logger } from '../../shared/lambda/logger.ts';
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

const isPromisesPath = (path: string): boolean => /^\/health\/promises\/?$/.test(path);

/** Sends visitors of the root path to the documentation of the HTTP API. */
const redirectToSwagger = {
  statusCode: 302,
  headers: { location: '/swagger/', 'cache-control': 'no-cache' },
} satisfies APIGatewayProxyStructuredResultV2;

/** Answers an HTTP API event (payload 2.0): GET, HEAD and OPTIONS of the paths in resources.ts and of
 * the health of the promises, and 404 or 405 otherwise. */
export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const result = await serve(event);
  return { ...result, headers: { ...securityHeaders(event.headers), ...result.headers } };
}

async function serve(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const { requestId, http } = event.requestContext;
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
  if (isPromises) return answerPromises(requestId);
  return found === undefined ? redirectToSwagger : answer(event, found);
}

/** The result of the last check; the database's client is loaded for it alone. */
async function answerPromises(requestId: string): Promise<APIGatewayProxyStructuredResultV2> {
  try {
    results ??= (await import('./dependencies.ts')).openResults(config.tableName);
    const body = promisesHealth(await results.get(), clock.now());
    const headers = { 'content-type': 'application/json', 'cache-control': 'public, max-age=10' };
    return { statusCode: 200, headers, body: JSON.stringify(body) };
  } catch (error) {
    logger.error('Request failed', { error });
    return problemResponse(error, requestId);
  }
}
