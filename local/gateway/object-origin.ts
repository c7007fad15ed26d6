/**
 * Answers requests with the objects of a bucket, as CloudFront does with an origin access control and without a cache: it reads
 * the bucket with the permissions that the bucket's policy gives it.
 */
import type { ObjectsBehavior } from '../edge-behavior.ts';
import { compilePolicy } from '../permissions/policy.mjs';
import type { Buckets } from '../services/buckets.ts';
import { answerObject } from '../services/s3/object-answer.ts';
import { S3Error, errorAnswer, type S3Answer } from '../services/s3/s3-error.ts';
import { headersOf, readTarget } from '../services/s3/s3-request.ts';
import { objectCall } from '../permissions/storage-calls.mjs';
import { methodNotAllowed } from './bucket-origin.ts';
import type { GatewayAnswer } from './gateway-answer.ts';
import type { GatewayRequest } from './gateway-request.ts';

/** Returns a function that answers the requests of a behavior. */
export function createObjectOrigin(
  { bucketName, originPath, methods, statements, responseHeaders }: ObjectsBehavior,
  buckets: Pick<Buckets, 'get'>,
): (request: GatewayRequest) => GatewayAnswer {
  const verdictOn = compilePolicy(statements);
  const policy = new Map(responseHeaders.map(([name, value]) => [name.toLowerCase(), value]));

  function read(path: string, headers: Record<string, string>): S3Answer {
    const { key } = readTarget(`/${bucketName}${originPath}${path}`);
    const denied = new S3Error('AccessDenied', 'Access Denied');
    if (key === '' || verdictOn(objectCall('GetObject', bucketName, key)) !== 'allowed') throw denied;
    const object = buckets.get(bucketName, key);
    if (object !== undefined) return answerObject(object, { headers });
    const listing = { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucketName}` };
    if (verdictOn(listing) !== 'allowed') throw denied;
    throw new S3Error('NoSuchKey', 'The specified key does not exist.', { Key: key });
  }

  return (request) => {
    if (!methods.includes(request.method)) return methodNotAllowed;
    const { status, headers, body } = answerOrError(() => read(request.path, headersOf(request)));
    const replaced = { ...headers, ...Object.fromEntries(policy) };
    return { status, headers: Object.entries(replaced).flat(), body };
  };
}

function answerOrError(read: () => S3Answer): S3Answer {
  try {
    return read();
  } catch (error) {
    if (error instanceof S3Error) return errorAnswer(error);
    throw error;
  }
}
