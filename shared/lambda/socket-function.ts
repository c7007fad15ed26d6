/** The glue of the WebSocket functions: what a log line says, and that a failure stays inside. */
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { logger } from './logger.ts';

interface SocketEvent {
  requestContext: { connectionId: string; requestId: string; routeKey: string };
}

export interface SocketResult {
  statusCode: number;
  headers?: Record<string, string>;
  body?: string;
}

/** `answerError` decides what the gateway hears of an error; it is logged here, once, when it is the server's fault. */
export function socketFunction<E extends SocketEvent>(
  handle: (event: E) => Promise<SocketResult>,
  answerError: (error: unknown, event: E) => SocketResult,
): (event: E, context: Context) => Promise<SocketResult> {
  return middy<E, SocketResult>(handle)
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
      logger.info('Answered', { status: (response as SocketResult).statusCode });
    })
    .onError((request) => {
      const answer = answerError(request.error, request.event);
      if (answer.statusCode >= 500) logger.error('Failed', { error: request.error as Error });
      else logger.info('Refused', { status: answer.statusCode });
      request.response = answer;
    });
}
