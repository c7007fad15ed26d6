/** The credentials of a function's environments. As on Lambda they are temporary, with a session token. */

import type { AwsCredentials } from '../engine/dynamodb-request.ts';

/** Returns the credentials of an environment; the signature of a request identifies the environment by its number. */
export function functionCredentials(functionId: string, environment = 0): Required<AwsCredentials> {
  return {
    accessKeyId: `${functionId}.${environment}`,
    secretAccessKey: 'local',
    // With the characters of AWS's tokens, which must be encoded in addresses.
    sessionToken: `${Buffer.from(`local/${functionId}`).toString('base64')}+/==`,
  };
}

/** Returns the logical id of the function with an access key id; undefined for an id that no environment has. */
export function functionOfCredentials(accessKeyId: string): string | undefined {
  return /^(\w+)\.\d+$/.exec(accessKeyId)?.[1];
}
