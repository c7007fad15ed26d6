/** The Lambda function behind the documentation and the health check. Static answers: it has no dependencies. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { securityHeaders } from '../../shared/lambda/security-headers.ts';
import { answer } from './answer.ts';
import { problem } from './problem.ts';
import { findResource } from './resources.ts';

const allowed = ['GET', 'HEAD'];

/** Somebody who opens the bare address is shown what there is. */
const toSwagger = {
  statusCode: 302,
  headers: { location: '/swagger/', 'cache-control': 'no-cache' },
} satisfies APIGatewayProxyStructuredResultV2;

/** Answers an HTTP API event (payload 2.0): GET and HEAD of what resources.ts lists, else 404 or 405. */
export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const result = serve(event);
  return { ...result, headers: { ...securityHeaders(event.headers), ...result.headers } };
}

function serve(event: APIGatewayProxyEventV2): APIGatewayProxyStructuredResultV2 {
  const { requestId, http } = event.requestContext;
  const found = findResource(event.rawPath);
  const isRoot = event.rawPath === '/' || event.rawPath === '';
  if (found === undefined && !isRoot) return problem('not_found', 'Nothing is at this path.', requestId);

  if (!allowed.includes(http.method)) {
    const allow = allowed.join(', ');
    return problem('method_not_allowed', `This path takes ${allow} only.`, requestId, { allow });
  }
  return found === undefined ? toSwagger : answer(event, found);
}
