/** Lists buckets and objects. */

import type { Buckets } from '../buckets.ts';
import { compareKeys } from './object-files.ts';
import { S3Error, element, xmlAnswer, type S3Answer } from './s3-error.ts';

const defaultMaxKeys = 1_000;

export function listBuckets(buckets: Pick<Buckets, 'names'>): S3Answer {
  const names = buckets.names().map((name) => `<Bucket>${element('Name', name)}</Bucket>`);
  return xmlAnswer(`<ListAllMyBucketsResult><Buckets>${names.join('')}</Buckets></ListAllMyBucketsResult>`);
}

/**
 * Lists a page of objects. A continuation token holds the last key of the page before.
 * @throws S3Error InvalidArgument
 */
export function listObjects(buckets: Buckets, bucketName: string, query: URLSearchParams): S3Answer {
  const maxKeys = Math.min(defaultMaxKeys, Number(query.get('max-keys') ?? defaultMaxKeys));
  if (!Number.isInteger(maxKeys) || maxKeys < 0)
    throw new S3Error('InvalidArgument', 'Argument max-keys must be an integer between 0 and 2147483647');
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? '') : keyIn(token);
  const prefix = query.get('prefix') ?? '';
  const found = buckets.list(bucketName, prefix).filter(({ key }) => compareKeys(key, after) > 0);
  const page = found.slice(0, maxKeys);
  const last = page.at(-1);
  const isTruncated = found.length > page.length && last !== undefined;
  const contents = page.map(({ key, sizeBytes, modifiedAtMs, etag }) => {
    const elements = {
      Key: key,
      LastModified: new Date(modifiedAtMs).toISOString(),
      ETag: etag,
      Size: String(sizeBytes),
      StorageClass: 'STANDARD',
    };
    return `<Contents>${elementsOf(elements)}</Contents>`;
  });
  const summary = {
    Name: bucketName,
    Prefix: prefix,
    KeyCount: String(page.length),
    MaxKeys: String(maxKeys),
    IsTruncated: String(isTruncated),
    ...(isTruncated && { NextContinuationToken: tokenOf(last.key) }),
  };
  return xmlAnswer(`<ListBucketResult>${elementsOf(summary)}${contents.join('')}</ListBucketResult>`);
}

const elementsOf = (texts: Record<string, string>): string =>
  Object.entries(texts)
    .map(([name, text]) => element(name, text))
    .join('');

const tokenPrefix = 'key:';
const tokenOf = (key: string): string => Buffer.from(tokenPrefix + key).toString('base64url');

function keyIn(token: string): string {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (!text.startsWith(tokenPrefix))
    throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect');
  return text.slice(tokenPrefix.length);
}
