/**
 * Makes the form by which a browser posts one file to a bucket. Its signed policy fixes the name, the type and the size, so
 * the form is good for nothing else.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
import { createHmac } from 'node:crypto';
import { derivedKey, signatureTime, type Credentials } from './sign-request.ts';

export interface PostedFile {
  /** The name of the object. */
  key: string;
  contentType: string;
  /** The exact number of bytes. */
  size: number;
}

export interface PostFormOptions {
  bucket: string;
  region: string;
  credentials: Credentials;
  nowMs: number;
  lifetimeSeconds: number;
}

/** Returns the fields of the form, in the order in which they are sent; the file comes after them, as the field `file`. */
export function postFormFields(
  { key, contentType, size }: PostedFile,
  { bucket, region, credentials, nowMs, lifetimeSeconds }: PostFormOptions,
): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const date = signatureTime(nowMs);
  const scope = `${date.slice(0, 8)}/${region}/s3/aws4_request`;
  const fields = {
    key,
    'Content-Type': contentType,
    success_action_status: '204',
    bucket,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKeyId}/${scope}`,
    'X-Amz-Date': date,
    ...(sessionToken !== undefined && { 'X-Amz-Security-Token': sessionToken }),
  };
  const policy = Buffer.from(
    JSON.stringify({
      expiration: new Date(Math.floor(nowMs / 1_000 + lifetimeSeconds) * 1_000).toISOString(),
      conditions: [
        ['content-length-range', size, size],
        ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
      ],
    }),
  ).toString('base64');
  const signature = createHmac('sha256', derivedKey(secretAccessKey, scope)).update(policy).digest('hex');
  return { ...fields, Policy: policy, 'X-Amz-Signature': signature };
}
