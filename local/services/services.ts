/** Serves the local AWS services under `/_aws/` on the runtime's port. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendError, serveTargets, type Operation } from './json-api.ts';
import { createLambdaApi, type LambdaApiOptions } from './lambda-api.ts';
import { createS3Api, type S3ApiOptions } from './s3-api.ts';

export interface ServicesOptions extends LambdaApiOptions {
  /** Called before each request to Secrets Manager is served; its error is the answer. */
  beforeSecrets?: (request: IncomingMessage) => Promise<void>;
  secretsManager: Record<string, Operation>;
  sqs: Record<string, Operation>;
  s3: S3ApiOptions;
}

const servicePaths = {
  secretsManager: '/_aws/secretsmanager',
  lambda: '/_aws/lambda',
  sqs: '/_aws/sqs',
  s3: '/_aws/s3',
};

/** Returns the endpoint of each service, from the runtime's address. */
export function serviceEndpoints(address: string): typeof servicePaths {
  return {
    secretsManager: address + servicePaths.secretsManager,
    lambda: address + servicePaths.lambda,
    sqs: address + servicePaths.sqs,
    s3: address + servicePaths.s3,
  };
}

/** Creates a handler that serves the services' requests; it returns false for all others. */
export function createServices({ secretsManager, beforeSecrets, sqs, s3, ...lambda }: ServicesOptions) {
  const lambdaApi = createLambdaApi(lambda);
  const s3Api = createS3Api(s3);

  async function serveSecrets(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await beforeSecrets?.(request);
    await serveTargets(secretsManager, request, response);
  }

  function handlerFor(
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> | undefined {
    if (isUnder(servicePaths.secretsManager, path)) return serveSecrets(request, response);
    if (isUnder(servicePaths.sqs, path)) return serveTargets(sqs, request, response);
    if (isUnder(servicePaths.lambda, path))
      return lambdaApi(path.slice(servicePaths.lambda.length), request, response);
    if (isUnder(servicePaths.s3, path))
      return s3Api((request.url ?? '').slice(servicePaths.s3.length), request, response);
    return undefined;
  }

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const path = (request.url ?? '').split('?')[0]!;
    const handled = handlerFor(path, request, response);
    handled?.catch((error: unknown) => sendError(response, error));
    return handled !== undefined;
  };
}

function isUnder(mount: string, path: string): boolean {
  return path === mount || path.startsWith(`${mount}/`);
}
