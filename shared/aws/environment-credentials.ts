/**
 * Replaces the SDK's chain of credential providers in the bundles of the functions. Lambda passes the credentials of a
 * function's role in environment variables, so the 90 KB for profiles, single sign-on and instance metadata are not needed.
 * Source of the variables: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
import type { Credentials } from './sign-request.ts';

/**
 * Returns a provider that rejects when there are no credentials. It has the name and type of the function that it replaces
 * in `@aws-sdk/credential-provider-node`.
 */
export function defaultProvider(): () => Promise<Credentials> {
  return () =>
    new Promise((resolve) => {
      const {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
      } = process.env;
      if (accessKeyId === undefined || secretAccessKey === undefined) {
        throw new Error('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set');
      }
      resolve({ accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) });
    });
}
