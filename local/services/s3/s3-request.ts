/** Reads a request to S3: its bucket and key, its operation and its headers. */

import type { IncomingMessage } from 'node:http';
import { S3Error } from './s3-error.ts';

/** The operations that the local runtime supports, by the names that the AWS SDK gives them. */
export const storageOperations = [
  'DeleteObject',
  'DeleteObjects',
  'DeleteObjectTagging',
  'GetObject',
  'GetObjectTagging',
  'HeadBucket',
  'HeadObject',
  'ListBuckets',
  'ListObjectsV2',
  'PostObject',
  'PutObject',
  'PutObjectTagging',
] as const;

export type StorageOperation = (typeof storageOperations)[number];

export interface S3Target {
  /** Empty in a request for the list of buckets. */
  bucketName: string;
  /** Empty in a request to a bucket. */
  key: string;
  /** The part of the address below the endpoint, still percent-encoded. */
  address: string;
  query: URLSearchParams;
}

const maxKeyBytes = 1_024;

/**
 * Reads the part of an address below the endpoint. Keys may contain `..` and empty segments, which `URL` would remove.
 * @throws S3Error InvalidURI, KeyTooLongError
 */
export function readTarget(address: string): S3Target {
  const mark = address.indexOf('?');
  const path = mark === -1 ? address : address.slice(0, mark);
  const [, bucketName = '', key = ''] = /^\/?([^/]*)(?:\/(.*))?$/s.exec(decode(path)) ?? [];
  if (Buffer.byteLength(key) > maxKeyBytes)
    throw new S3Error('KeyTooLongError', 'Your key is too long', { MaxSizeAllowed: maxKeyBytes });
  const query = mark === -1 ? '' : address.slice(mark + 1);
  // A plus sign stands for itself in the queries of S3.
  return { bucketName, key, address, query: new URLSearchParams(query.replaceAll('+', '%2B')) };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.");
  }
}

/** The operations by what a request is for, then by its method. */
const operations: Record<string, Record<string, StorageOperation>> = {
  service: { GET: 'ListBuckets' },
  bucket: { GET: 'ListObjectsV2', HEAD: 'HeadBucket', POST: 'PostObject' },
  'bucket?delete': { POST: 'DeleteObjects' },
  object: { GET: 'GetObject', HEAD: 'HeadObject', PUT: 'PutObject', DELETE: 'DeleteObject' },
  'object?tagging': {
    GET: 'GetObjectTagging',
    PUT: 'PutObjectTagging',
    DELETE: 'DeleteObjectTagging',
  },
};

/** Parameters that select no other operation. Any other would change what the request does. */
const knownParameters =
  /^(x-id|list-type|prefix|max-keys|start-after|continuation-token|fetch-owner|x-amz-[\w-]+|response-[\w-]+|tagging|delete)$/i;
const unsupportedHeaders = ['x-amz-copy-source', 'x-amz-website-redirect-location'];

/**
 * Returns the operation of a request.
 * @throws S3Error NotImplemented for what the local runtime does not support
 */
export function operationOf(
  method: string,
  { bucketName, key, query }: S3Target,
  headers: Record<string, string>,
): StorageOperation {
  const kind = bucketName === '' ? 'service' : key === '' ? 'bucket' : 'object';
  const selector = ['delete', 'tagging'].find((name) => query.has(name));
  const found = operations[selector === undefined ? kind : `${kind}?${selector}`]?.[method];
  const unknown = [...query.keys()].find((name) => !knownParameters.test(name));
  const header = unsupportedHeaders.find((name) => headers[name] !== undefined);
  const isChunked = headers['content-encoding']?.includes('aws-chunked') === true;
  if (found !== undefined && unknown === undefined && header === undefined && !isChunked) return found;
  const what = unknown ?? header ?? (isChunked ? 'aws-chunked' : method);
  throw new S3Error('NotImplemented', `The local runtime does not support this request: ${what}`, {
    Header: what,
  });
}

/** Returns the headers by lowercase names; the values of a header that was sent several times are joined. */
export function headersOf({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  return headers;
}

/** Reads the whole body. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
