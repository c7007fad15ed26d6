/** The Lambda function that serves the documentation and the health check. Its answers are static. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ChatError } from '../../shared/domain/chat-error.ts';
import { answerOptions, MethodNotAllowed } from '../../shared/lambda/allowed-methods.ts';
import { securityHeaders } from '../../shared/lambda/security-headers.ts';
import { problemResponse } from '../../shared/lambda/problem.ts';
import { answer } from './answer.ts';
import { findResource } from './resources.ts';

const allowedMethods = ['GET', 'HEAD'];

/** Sends visitors of the root path to the documentation of the HTTP API. */
const redirectToSwagger = {
  statusCode: 302,
  headers: { location: '/swagger/', 'cache-control': 'no-cache' },
} satisfies APIGatewayProxyStructuredResultV2;

/** Answers an HTTP API event (payload 2.0): GET, HEAD and OPTIONS of the paths in resources.ts, and 404 or 405 otherwise. */
export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const result = serve(event);
  return { ...result, headers: { ...securityHeaders(event.headers), ...result.headers } };
}

function serve(event: APIGatewayProxyEventV2): APIGatewayProxyStructuredResultV2 {
  const { requestId, http } = event.requestContext;
  const found = findResource(event.rawPath);
  const isRoot = event.rawPath === '/' || event.rawPath === '';
  const allowed = found === undefined && !isRoot ? undefined : allowedMethods;
  if (http.method === 'OPTIONS') return answerOptions(event, allowed);
  if (allowed === undefined) return problemResponse(new ChatError('not_found'), requestId);
  if (!allowed.includes(http.method)) {
    const refusal = new MethodNotAllowed(http.method, allowed);
    return problemResponse(refusal, requestId, { allow: refusal.allow });
  }
  return found === undefined ? redirectToSwagger : answer(event, found);
}
