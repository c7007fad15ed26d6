/** Judges requests to S3 by the role of their signer. Anonymous requests are refused: no bucket is public. */

import type { AwsCall } from '../../permissions/policy.mjs';
import { S3Error } from './s3-error.ts';
import type { Signer } from './signers.ts';

/** @throws S3Error AccessDenied for the first call that is not allowed, or without a signer */
export function assertAllowed(
  signer: Signer | undefined,
  calls: readonly AwsCall[],
): asserts signer is Signer {
  if (signer === undefined) throw new S3Error('AccessDenied', 'Access Denied');
  for (const call of calls) {
    const verdict = signer.verdictOn(call);
    if (verdict === 'allowed') continue;
    const because =
      verdict === 'denied'
        ? 'with an explicit deny in an identity-based policy'
        : `because no identity-based policy allows the ${call.action} action`;
    throw new S3Error(
      'AccessDenied',
      `User: ${signer.arn} is not authorized to perform: ${call.action} on resource: "${call.resource}" ${because}`,
    );
  }
}

/**
 * Returns the error for an object that does not exist. Only who may list the bucket learns that it does not.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function missingObject(signer: Signer, bucketName: string, key: string): S3Error {
  const listing = { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucketName}` };
  if (signer.verdictOn(listing) !== 'allowed') return new S3Error('AccessDenied', 'Access Denied');
  return new S3Error('NoSuchKey', 'The specified key does not exist.', { Key: key });
}
