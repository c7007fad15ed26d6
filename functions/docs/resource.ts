/** A static resource that the function serves, with its headers. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

export interface Resource {
  contentType: string;
  /** Text as a string, anything else as bytes. */
  body: string | Uint8Array;
  /** Weak, since the compressed form of the content has the same tag. */
  etag: string;
  headers: Readonly<Record<string, string>>;
  /** Returns the compressed body in base64. Compressed on first use, so that a cold start does not compress all files. */
  gzip?: () => string;
}

const minCompressedBytes = 1_024;

/** Returns a function that calls `make` once and keeps its result. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Returns a short name of the content: 16 characters of its SHA-256. */
export function fingerprint(body: string | Uint8Array): string {
  return createHash('sha256').update(body).digest('base64url').slice(0, 16);
}

/** Makes a resource, with its entity tag and its compressed form. */
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
      body.length >= minCompressedBytes && { gzip: once(() => gzipSync(body).toString('base64')) }),
  };
}
