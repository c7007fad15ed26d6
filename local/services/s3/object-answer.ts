/** Answers a request for an object: whole or a part of it, unless the client has it already. */

import type { StoredObject } from './object-files.ts';
import { S3Error, emptyAnswer, type S3Answer } from './s3-error.ts';

export interface ObjectRequest {
  /** By lowercase names. */
  headers: Record<string, string>;
  /** Headers that replace those of the object, such as `content-disposition`. */
  replaced?: Record<string, string>;
}

/**
 * Answers a request for an object.
 * @throws S3Error PreconditionFailed, InvalidRange
 */
export function answerObject(
  object: StoredObject & { body: Buffer },
  { headers, replaced = {} }: ObjectRequest,
): S3Answer {
  const { etag, body, modifiedAtMs, tags } = object;
  const lastModified = new Date(modifiedAtMs).toUTCString();
  const common = { etag, 'last-modified': lastModified, 'accept-ranges': 'bytes' };
  if (headers['if-match'] !== undefined && !isAmong(headers['if-match'], etag))
    throw new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
  if (isKnown(headers, object)) return emptyAnswer(304, { ...cacheHeaders(object), ...common });
  const full = {
    'content-type': 'binary/octet-stream',
    ...object.headers,
    ...(Object.keys(tags).length > 0 && { 'x-amz-tagging-count': String(Object.keys(tags).length) }),
    ...replaced,
    ...common,
  };
  const isCurrent = [undefined, etag, lastModified].includes(headers['if-range']);
  const range = isCurrent ? rangeOf(headers['range'], body.length) : undefined;
  if (range === undefined) return { status: 200, headers: full, body };
  const [from, to] = range;
  return {
    status: 206,
    headers: { ...full, 'content-range': `bytes ${from}-${to}/${body.length}` },
    body: body.subarray(from, to + 1),
  };
}

/** An answer without a body repeats the headers that caches use. */
function cacheHeaders({ headers }: StoredObject): Record<string, string> {
  const cacheControl = headers['cache-control'];
  return cacheControl === undefined ? {} : { 'cache-control': cacheControl };
}

const isAmong = (list: string, etag: string): boolean =>
  list.split(',').some((one) => ['*', etag, etag.slice(1, -1)].includes(one.trim().replace(/^W\//, '')));

/** Of the two conditions the one on the ETag takes precedence. */
function isKnown(headers: Record<string, string>, { etag, modifiedAtMs }: StoredObject): boolean {
  const { 'if-none-match': known, 'if-modified-since': since } = headers;
  if (known !== undefined) return isAmong(known, etag);
  return since !== undefined && Math.floor(modifiedAtMs / 1_000) * 1_000 <= Date.parse(since);
}

/**
 * Returns the first and the last byte of a range; undefined for the whole object, which S3 answers to several ranges and to a
 * header that it cannot read.
 */
function rangeOf(header: string | undefined, length: number): [number, number] | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  const from = first === '' ? Math.max(0, length - Number(last)) : Number(first);
  const to = first === '' || last === '' ? length - 1 : Math.min(Number(last), length - 1);
  if (from < length && first === '' && Number(last) > 0) return [from, to];
  if (from < length && first !== '' && (last === '' || Number(last) >= from)) return [from, to];
  if (first !== '' && last !== '' && Number(last) < from) return undefined;
  throw new S3Error('InvalidRange', 'The requested range is not satisfiable', {
    RangeRequested: header ?? '',
    ActualObjectSize: length,
  });
}
