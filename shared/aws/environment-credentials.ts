/**
 * Stands in for the SDK's chain of credential providers when functions are bundled: Lambda hands a function its role's
 * credentials as environment variables, so profiles, single sign-on and instance metadata are 90 KB never used.
 * Source of the names: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
import type { Credentials } from './sign-request.ts';

/** Named and shaped as in `@aws-sdk/credential-provider-node`; the provider rejects when there are no credentials. */
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
