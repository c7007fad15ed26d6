/**
 * Knows which execution environment stands behind an access key id: each gets credentials of its own, so that a
 * request tells by its signature who sent it. It does not judge what anyone may do.
 */

import type { AwsCredentials } from '../engine/dynamodb-request.ts';
import type { ExecutionEnvironment } from './environment.ts';

/** Whoever sent a request. */
export interface Caller {
  functionId: string;
  environment: ExecutionEnvironment;
}

export interface EnvironmentRegistry {
  /** Starts an environment with credentials of its own, and knows it for as long as it lives. */
  start(
    functionId: string,
    startWith: (credentials: AwsCredentials) => ExecutionEnvironment,
  ): ExecutionEnvironment;
  /** The environment that signed a request, from its Authorization header; undefined for anyone else. */
  caller(authorization: string | undefined): Caller | undefined;
}

export function createEnvironmentRegistry(): EnvironmentRegistry {
  const callers = new Map<string, Caller>();
  let started = 0;
  return {
    start(functionId, startWith) {
      started += 1;
      const accessKeyId = `${functionId}.${started}`;
      const environment = startWith({ accessKeyId, secretAccessKey: 'local' });
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
