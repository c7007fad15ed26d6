/**
 * Serves S3 for functions, browsers and operators' tools. Buckets are named in the path, as in `/bucket/key`. A request must be
 * signed, and is judged by the role of the function that signed it.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { storageCalls } from '../permissions/storage-calls.mjs';
import type { Buckets } from './buckets.ts';
import { assertAllowed } from './s3/access.ts';
import { answerPreflight, corsHeaders } from './s3/cors.ts';
import { listBuckets } from './s3/list-objects.ts';
import { perform } from './s3/perform.ts';
import { readPostForm } from './s3/post-form.ts';
import {
  headersOf,
  operationOf,
  readBody,
  readTarget,
  type S3Target,
  type StorageOperation,
} from './s3/s3-request.ts';
import { S3Error, errorAnswer, type S3Answer } from './s3/s3-error.ts';
import { verifyRequest, type Verification } from './s3/signature.ts';
import type { FindSigner } from './s3/signers.ts';
import { acceptUpload, keyOf } from './s3/upload.ts';

export interface StorageCall {
  operation: StorageOperation;
  bucketName: string;
  /** Empty for an operation on a bucket. */
  key: string;
  /** The header by which a function signs; browsers sign otherwise. */
  authorization: string | undefined;
  /** Whether the caller has stopped waiting for an answer. */
  isAbandoned: () => boolean;
}

/** Returns the answer for the caller, or undefined to cut its connection as in a network failure. */
export type HandleStorageCall = (
  call: StorageCall,
  serve: () => Promise<S3Answer>,
) => Promise<S3Answer | undefined>;

export interface S3ApiOptions {
  buckets: Buckets;
  findSigner: FindSigner;
  region: string;
  /** Passes on each request, except for preflights. */
  handle?: HandleStorageCall;
}

/** Creates a handler of requests; its `address` is the part below the mount point, with the query string. */
export function createS3Api({
  buckets,
  findSigner,
  region,
  handle = (_call, serve) => serve(),
}: S3ApiOptions) {
  function assertBucket(bucketName: string): void {
    if (bucketName !== '' && buckets.definition(bucketName) === undefined)
      throw new S3Error('NoSuchBucket', 'The specified bucket does not exist', { BucketName: bucketName });
  }

  async function answerTo(
    target: S3Target,
    request: IncomingMessage,
    isAbandoned: () => boolean,
  ): Promise<S3Answer | undefined> {
    const { bucketName, key, query, address } = target;
    const method = request.method ?? '';
    const headers = headersOf(request);
    if (method === 'OPTIONS') return answerPreflight(buckets.definition(bucketName)?.cors ?? [], headers);
    const operation = operationOf(method, target, headers);
    const verification: Verification = { findSigner, region, nowMs: Date.now() };
    const call = { operation, bucketName, key, authorization: headers['authorization'], isAbandoned };
    if (operation === 'PostObject') {
      const form = await readPostForm(request);
      const location = `http://${headers['host'] ?? ''}${pathOf(request)}`.replace(/\/$/, '');
      return handle({ ...call, key: keyOf(form) }, () =>
        answerOrError(async () => {
          assertBucket(bucketName);
          return acceptUpload({ form, bucketName, buckets, verification, location });
        }),
      );
    }
    const body = await readBody(request);
    return handle(call, () =>
      answerOrError(async () => {
        const sent = { method, path: pathOf(request), query, headers, body };
        const signer = await verifyRequest(sent, verification);
        // The list of buckets is the only request of operators' tools that is not signed.
        if (operation === 'ListBuckets') return listBuckets(buckets);
        const header = (name: string): string | undefined => headers[name];
        const calls = storageCalls({ method, path: address, header, body: () => body.toString('utf8') });
        assertAllowed(signer, calls);
        assertBucket(bucketName);
        return perform(buckets, { ...target, operation, headers, body, signer });
      }),
    );
  }

  return async (address: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let cors: Record<string, string> = {};
    const answer = await answerOrError(async () => {
      const target = readTarget(address);
      const rules = buckets.definition(target.bucketName)?.cors ?? [];
      cors = corsHeaders(rules, request.method ?? '', request.headers.origin);
      return answerTo(target, request, () => response.destroyed);
    });
    if (answer === undefined) response.destroy();
    else send(response, { ...answer, headers: { ...cors, ...answer.headers } });
  };
}

/** Answers with the error that an operation throws. */
async function answerOrError<Answer extends S3Answer | undefined>(
  answer: () => Promise<Answer>,
): Promise<Answer | S3Answer> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof S3Error) return errorAnswer(error);
    throw error;
  }
}

/** The path as it was sent, which belongs to the signature. */
const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?')[0]!;

/** For a HEAD request, Node leaves out the body and keeps the length. */
function send(response: ServerResponse, { status, headers, body }: S3Answer): void {
  const hasLength = status !== 204 && status !== 304;
  response.writeHead(status, { ...headers, ...(hasLength && { 'content-length': body.length }) }).end(body);
}
