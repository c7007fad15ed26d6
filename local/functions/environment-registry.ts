/**
 * Maps access key ids to execution environments. Each environment gets its own credentials, so that the
 * signature of a request identifies the environment that sent it.
 */

import type { AwsCredentials } from '../engine/dynamodb-request.ts';
import type { ExecutionEnvironment } from './environment.ts';
import { functionCredentials } from './function-credentials.ts';

/** The environment that sent a request. */
export interface Caller {
  functionId: string;
  environment: ExecutionEnvironment;
}

export interface EnvironmentRegistry {
  /** Starts an environment with its own credentials and remembers it until it ends. */
  start(
    functionId: string,
    startWith: (credentials: AwsCredentials) => ExecutionEnvironment,
  ): ExecutionEnvironment;
  /** Returns the environment that signed a request, from its Authorization header; undefined if none did. */
  caller(authorization: string | undefined): Caller | undefined;
}

/** Creates an empty registry. */
export function createEnvironmentRegistry(): EnvironmentRegistry {
  const callers = new Map<string, Caller>();
  let started = 0;
  return {
    start(functionId, startWith) {
      started += 1;
      const credentials = functionCredentials(functionId, started);
      const { accessKeyId } = credentials;
      const environment = startWith(credentials);
      callers.set(accessKeyId, { functionId, environment });
      void environment.ended.then(() => callers.delete(accessKeyId));
      return environment;
    },
    caller(authorization) {
      const accessKeyId = /Credential=([^/]+)\//.exec(authorization ?? '')?.[1];
      return accessKeyId === undefined ? undefined : callers.get(accessKeyId);
    },
  };
}
