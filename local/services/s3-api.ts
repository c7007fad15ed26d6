/**
 * Serves the operations of S3 with which failed invocations are read and deleted: ListBuckets, ListObjectsV2, and getting,
 * putting and deleting an object. Buckets are named in the path, as in `/bucket/key`.
 */

import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Buckets } from './buckets.ts';
import { readBodyText } from './json-api.ts';

const defaultMaxKeys = 1_000;

/** Creates a handler of requests; its `path` is the part below the mount point, with the query string. */
export function createS3Api(buckets: Buckets) {
  return async (path: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(path || '/', 'http://s3');
    const [bucketName = '', ...segments] = pathname.slice(1).split('/').map(decodeURIComponent);
    const key = segments.join('/');
    const body = await readBodyText(request);
    if (bucketName === '') return sendXml(response, 200, listOfBuckets(buckets));
    if (!buckets.has(bucketName)) return sendFailure(response, 404, 'NoSuchBucket', bucketName);
    switch (`${request.method} ${key === '' ? 'bucket' : 'object'}`) {
      case 'GET bucket':
        return sendXml(response, 200, listOfObjects(buckets, bucketName, searchParams));
      case 'GET object': {
        const stored = buckets.get(bucketName, key);
        if (stored === undefined) return sendFailure(response, 404, 'NoSuchKey', key);
        response.writeHead(200, { 'content-type': 'application/json', etag: etagOf(stored) }).end(stored);
        return;
      }
      case 'PUT object':
        buckets.put(bucketName, key, body);
        response.writeHead(200, { etag: etagOf(body) }).end();
        return;
      case 'DELETE object':
        buckets.delete(bucketName, key);
        response.writeHead(204).end();
        return;
      default:
        return sendFailure(response, 501, 'NotImplemented', `${request.method} ${pathname}`);
    }
  };
}

function listOfBuckets(buckets: Buckets): string {
  const names = buckets.names().map((name) => `<Bucket><Name>${escape(name)}</Name></Bucket>`);
  return `<ListAllMyBucketsResult><Buckets>${names.join('')}</Buckets></ListAllMyBucketsResult>`;
}

/** The continuation token is the last key of the page before. */
function listOfObjects(buckets: Buckets, bucketName: string, query: URLSearchParams): string {
  const maxKeys = Math.min(defaultMaxKeys, Number(query.get('max-keys') ?? defaultMaxKeys));
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const found = buckets.list(bucketName, query.get('prefix') ?? '').filter(({ key }) => key > after);
  const page = found.slice(0, maxKeys);
  const last = page.at(-1);
  const isTruncated = found.length > page.length && last !== undefined;
  const contents = page.map(
    ({ key, sizeBytes, modifiedAtMs }) =>
      `<Contents><Key>${escape(key)}</Key><LastModified>${new Date(modifiedAtMs).toISOString()}</LastModified>` +
      `<Size>${sizeBytes}</Size></Contents>`,
  );
  const next = isTruncated ? `<NextContinuationToken>${escape(last.key)}</NextContinuationToken>` : '';
  return (
    `<ListBucketResult><Name>${escape(bucketName)}</Name><KeyCount>${page.length}</KeyCount>` +
    `<IsTruncated>${isTruncated}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`
  );
}

function sendFailure(response: ServerResponse, status: number, code: string, resource: string): void {
  sendXml(response, status, `<Error><Code>${code}</Code><Resource>${escape(resource)}</Resource></Error>`);
}

function sendXml(response: ServerResponse, status: number, content: string): void {
  response
    .writeHead(status, { 'content-type': 'application/xml' })
    .end(`<?xml version="1.0" encoding="UTF-8"?>\n${content}`);
}

const etagOf = (body: string): string => `"${createHash('md5').update(body).digest('hex')}"`;

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
