/**
 * Serves S3 for functions, browsers and operators' tools. Buckets are named in the path, as in `/bucket/key`. A request must be
 * signed, and is judged by the role of the function that signed it.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { storageCalls } from '../permissions/storage-calls.mjs';
import type { Buckets } from './buckets.ts';
import { assertAllowed } from './s3/access.ts';
import { answerPreflight, corsHeaders } from './s3/cors.ts';
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
import type { FindSigner, Signer } from './s3/signers.ts';
import { acceptUpload, keyOf } from './s3/upload.ts';

export interface StorageCall {
  operation: StorageOperation;
  bucketName: string;
  /** Empty for an operation on a bucket. */
  key: string;
  accessKeyId: string | undefined;
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
  async function answerTo(
    target: S3Target,
    request: IncomingMessage,
    headers: Record<string, string>,
  ): Promise<S3Answer | undefined> {
    const { bucketName } = target;
    const definition = buckets.definition(bucketName);
    if (request.method === 'OPTIONS') return answerPreflight(definition?.cors ?? [], headers);
    const operation = operationOf(request.method ?? '', target, headers);
    const verification: Verification = { findSigner, region, nowMs: Date.now() };
    const assertBucket = (): void => {
      if (bucketName !== '' && definition === undefined)
        throw new S3Error('NoSuchBucket', 'The specified bucket does not exist', { BucketName: bucketName });
    };
    if (operation === 'PostObject') {
      const form = await readPostForm(request);
      const location = `http://${headers['host'] ?? ''}${pathOf(request)}`.replace(/\/$/, '');
      const accessKeyId = accessKeyIn(form.fields.get('x-amz-credential'));
      return handle({ operation, bucketName, key: keyOf(form), accessKeyId }, async () => {
        assertBucket();
        return acceptUpload({ form, bucketName, buckets, verification, location });
      });
    }
    const body = await readBody(request);
    const { query, key } = target;
    const accessKeyId = accessKeyIn(
      /Credential=([^,]+)/.exec(headers['authorization'] ?? '')?.[1] ?? query.get('X-Amz-Credential'),
    );
    return handle({ operation, bucketName, key, accessKeyId }, async () => {
      const method = request.method!;
      const signer = await verifyRequest(
        { method, path: pathOf(request), query, headers, body },
        verification,
      );
      const calls = storageCalls({
        method,
        path: target.address,
        header: (name) => headers[name],
        body: () => body.toString('utf8'),
      });
      // The list of buckets is the only request of operators' tools that is not signed.
      if (operation !== 'ListBuckets') assertAllowed(signer, calls);
      assertBucket();
      return perform(buckets, { ...target, operation, headers, body, signer: signer ?? anonymous });
    });
  }

  return async (address: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const headers = headersOf(request);
    let cors: Record<string, string> = {};
    let answer: S3Answer | undefined;
    try {
      const target = readTarget(address);
      const rules = buckets.definition(target.bucketName)?.cors ?? [];
      cors = corsHeaders(rules, request.method ?? '', headers['origin']);
      answer = await answerTo(target, request, headers);
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      answer = errorAnswer(error);
    }
    if (answer === undefined) response.destroy();
    else send(response, { ...answer, headers: { ...cors, ...answer.headers } });
  };
}

/** The list of buckets, which needs no signature, does not look at the signer. */
const anonymous: Signer = {
  credentials: { accessKeyId: '', secretAccessKey: '' },
  verdictOn: () => 'not allowed',
  arn: 'anonymous',
};

/** The path as it was sent, which belongs to the signature. */
const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?')[0]!;

const accessKeyIn = (credential: string | null | undefined): string | undefined => credential?.split('/')[0];

/** For a HEAD request, Node leaves out the body and keeps the length. */
function send(response: ServerResponse, { status, headers, body }: S3Answer): void {
  const hasLength = status !== 204 && status !== 304;
  response.writeHead(status, { ...headers, ...(hasLength && { 'content-length': body.length }) }).end(body);
}
