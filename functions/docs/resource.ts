/** Something static that the function serves, and the headers that go with it. Knows no path. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

export interface Resource {
  contentType: string;
  /** Binary as bytes. */
  body: string | Uint8Array;
  /** Names the content; weak, since it is the same for the compressed form. */
  etag: string;
  headers: Readonly<Record<string, string>>;
  /** The compressed body, base64. Made when first asked for: a cold start that serves one page pays for one. */
  gzip?: () => string;
}

const compressibleBytes = 1_024;

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** A short name for a content: 16 characters of its SHA-256. */
export function fingerprint(body: string | Uint8Array): string {
  return createHash('sha256').update(body).digest('base64url').slice(0, 16);
}

export function resource(
  contentType: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Resource {
  const isText = typeof body === 'string';
  return {
    contentType: isText ? `${contentType}; charset=utf-8` : contentType,
    body,
    etag: `W/"${fingerprint(body)}"`,
    headers: { 'x-content-type-options': 'nosniff', ...headers },
    ...(isText &&
      body.length >= compressibleBytes && { gzip: once(() => gzipSync(body).toString('base64')) }),
  };
}
