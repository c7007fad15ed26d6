/**
 * Signs the address of one object of a bucket for a short time, so that a browser can fetch it from S3 itself.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
import { createHash, createHmac } from 'node:crypto';
import { derivedKey, signatureTime, type Credentials } from './sign-request.ts';

export interface PresignOptions {
  /** The address of the bucket, without a slash at its end. */
  bucketUrl: string;
  region: string;
  credentials: Credentials;
  nowMs: number;
  lifetimeSeconds: number;
}

/**
 * Returns the address of an object for GET requests.
 * @param key of letters, digits and `-_./` only, which need no encoding
 */
export function presignedGet(
  key: string,
  { bucketUrl, region, credentials, nowMs, lifetimeSeconds }: PresignOptions,
): string {
  if (!/^[\w./-]+$/.test(key)) throw new Error(`The name of the object needs encoding: ${key}`);
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const date = signatureTime(nowMs);
  const scope = `${date.slice(0, 8)}/${region}/s3/aws4_request`;
  const address = new URL(`${bucketUrl}/${key}`);
  const query = Object.entries({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKeyId}/${scope}`,
    'X-Amz-Date': date,
    'X-Amz-Expires': String(lifetimeSeconds),
    ...(sessionToken !== undefined && { 'X-Amz-Security-Token': sessionToken }),
    'X-Amz-SignedHeaders': 'host',
  })
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  const request = `GET\n${address.pathname}\n${query}\nhost:${address.host}\n\nhost\nUNSIGNED-PAYLOAD`;
  const hash = createHash('sha256').update(request).digest('hex');
  const signature = createHmac('sha256', derivedKey(secretAccessKey, scope))
    .update(`AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash}`)
    .digest('hex');
  return `${address.href}?${query}&X-Amz-Signature=${signature}`;
}

/** Returns the address of a bucket. The endpoint of a local run names buckets in the path. */
export const bucketUrl = (bucket: string, region: string, endpoint: string | undefined): string =>
  endpoint === undefined ? `https://${bucket}.s3.${region}.amazonaws.com` : `${endpoint}/${bucket}`;
