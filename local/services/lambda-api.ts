/** Serves Lambda's Invoke operation, with which one function calls another. */

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AsyncInvocations } from '../functions/async-invocations.ts';
import type { FunctionHost } from '../functions/function-host.ts';
import { isThrottled } from '../functions/invocation-failure.ts';
import type { LambdaFunction } from '../stack.ts';
import { functionIdIn } from '../template/read-functions.ts';
import { readBodyText, sendJson, ServiceError } from './json-api.ts';

export interface LambdaApiOptions {
  functions: LambdaFunction[];
  host: Pick<FunctionHost, 'invokeText'>;
  asyncInvocations: AsyncInvocations;
}

/** The size limit of an asynchronous event, as on AWS. */
const maxAsyncPayloadBytes = 1_048_576;

/** Creates a handler of requests; its `path` is the part below the mount point. */
export function createLambdaApi({ functions, host, asyncInvocations }: LambdaApiOptions) {
  return async (path: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const match = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(path);
    if (match === null || request.method !== 'POST') {
      throw new ServiceError(
        'UnknownOperationException',
        'The local runtime supports only the Invoke operation of Lambda',
        404,
      );
    }
    const name = decodeURIComponent(match[1]!);
    const event = (await readBodyText(request)) || '{}';
    const functionId = functionIdIn(name, functions);
    if (functionId === undefined) {
      throw new ServiceError('ResourceNotFoundException', `Function not found: ${name}`, 404);
    }
    if (!isJson(event)) {
      throw new ServiceError('InvalidRequestContentException', 'Could not parse request body into json');
    }
    const requestId = { 'x-amzn-requestid': randomUUID() };
    switch (request.headers['x-amz-invocation-type'] ?? 'RequestResponse') {
      case 'Event':
        if (Buffer.byteLength(event) > maxAsyncPayloadBytes) {
          throw new ServiceError(
            'RequestTooLargeException',
            `The payload exceeds ${maxAsyncPayloadBytes} bytes`,
            413,
          );
        }
        asyncInvocations.accept(functionId, event);
        sendJson(response, 202, '', requestId);
        return;
      case 'DryRun':
        response.writeHead(204, requestId).end();
        return;
      default: {
        const result = await host.invokeText(functionId, event);
        if (isThrottled(result)) throw new ServiceError(result.errorType, result.errorMessage, 429);
        sendJson(response, 200, result.payload, {
          ...requestId,
          'x-amz-executed-version': '$LATEST',
          ...(!result.ok && { 'x-amz-function-error': 'Unhandled' }),
        });
      }
    }
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
