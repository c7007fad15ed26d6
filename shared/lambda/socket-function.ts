/** Wraps the handlers of the WebSocket functions: adds ids to the log lines, and logs and answers errors. */
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { logger } from './logger.ts';
import { withMetrics } from './metrics.ts';
import { lambdaEndsTimeouts } from './timeouts.ts';

interface SocketEvent {
  requestContext: { connectionId: string; requestId: string; routeKey: string };
}

export interface SocketResult {
  statusCode: number;
  headers?: Record<string, string>;
  body?: string;
}

/** Returns the Lambda handler. `answerError` makes the result for an error; one of 500 or above is logged with its cause. */
export function socketFunction<E extends SocketEvent>(
  handle: (event: E) => Promise<SocketResult>,
  answerError: (error: unknown, event: E) => SocketResult,
): (event: E, context: Context) => Promise<SocketResult> {
  const handleSafely = middy<E, SocketResult>(handle, lambdaEndsTimeouts)
    .before(({ event, context }) => {
      const { connectionId, requestId, routeKey } = event.requestContext;
      logger.resetKeys();
      logger.appendKeys({
        request_id: requestId,
        invocation_id: context.awsRequestId,
        connection_id: connectionId,
        route: routeKey,
      });
    })
    .after(({ response }) => {
      logger.info('Request answered', { status: (response as SocketResult).statusCode });
    })
    .onError((request) => {
      const answer = answerError(request.error, request.event);
      if (answer.statusCode >= 500) logger.error('Request failed', { error: request.error as Error });
      else logger.info('Request refused', { status: answer.statusCode });
      request.response = answer;
    });
  return withMetrics((event: E, context: Context) => handleSafely(event, context));
}
