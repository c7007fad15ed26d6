/** Answers requests with the files of a bucket, as CloudFront does: compressed, validated by ETag, with the policy's headers. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { errorCode } from '../error-details.ts';
import type { BucketBehavior } from '../edge-behavior.ts';
import type { GatewayAnswer } from './gateway-answer.ts';
import { headerValues, type GatewayRequest } from './gateway-request.ts';

/** The sizes and types that CloudFront compresses; the types are those of its list that pages consist of. */
const compressibleBytes = { from: 1_000, to: 10_000_000 };
const compressibleTypes =
  /^(text\/(html|css|javascript|plain)|image\/svg\+xml|application\/(json|manifest\+json))\b/;

const encoders = {
  br: (body: Buffer) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (body: Buffer) => gzipSync(body),
};
type Encoding = keyof typeof encoders;

/** Returns a function that answers the requests of a behavior. Files are read anew each time, since builds replace them. */
export function createBucketOrigin({
  files,
  methods,
  compresses,
  responseHeaders,
}: BucketBehavior): (request: GatewayRequest) => GatewayAnswer {
  const compressed = new Map<string, Buffer>();

  function compress(body: Buffer, encoding: Encoding, etag: string): Buffer {
    const key = `${encoding} ${etag}`;
    const encoded = compressed.get(key) ?? encoders[encoding](body);
    compressed.set(key, encoded);
    return encoded;
  }

  return (request) => {
    if (!methods.includes(request.method)) return methodNotAllowed;
    const name = nameOf(request.path);
    const body = name === undefined ? undefined : readFile(join(files.directory, name));
    if (name === undefined || body === undefined)
      return withHeaders(responseHeaders, 403, ['content-type', 'application/xml'], accessDenied);

    const type = files.contentTypes[extname(name)] ?? 'binary/octet-stream';
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    const isCompressible =
      compresses &&
      compressibleTypes.test(type) &&
      body.length >= compressibleBytes.from &&
      body.length <= compressibleBytes.to;
    const encoding = isCompressible ? acceptedEncoding(request) : undefined;
    const cacheControl = files.cacheControl.find(({ prefix }) => name.startsWith(prefix))?.value;
    const headers = [
      // The ETag of a compressed file is a weak one.
      'etag',
      encoding === undefined ? etag : `W/${etag}`,
      ...(cacheControl === undefined ? [] : ['cache-control', cacheControl]),
      ...(isCompressible ? ['vary', 'accept-encoding'] : []),
    ];
    if (isUnchanged(request, etag)) return withHeaders(responseHeaders, 304, headers, Buffer.alloc(0));
    headers.push('content-type', type);
    if (encoding === undefined) return withHeaders(responseHeaders, 200, headers, body);
    headers.push('content-encoding', encoding);
    return withHeaders(responseHeaders, 200, headers, compress(body, encoding, etag));
  };
}

function withHeaders(
  policy: BucketBehavior['responseHeaders'],
  status: number,
  headers: string[],
  body: Buffer,
): GatewayAnswer {
  return { status, headers: [...headers, ...policy.flat()], body };
}

/** S3 answers this when the caller may not list the bucket, so that it does not tell which objects exist. */
const accessDenied = Buffer.from(
  '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
);

export const methodNotAllowed: GatewayAnswer = {
  status: 403,
  headers: ['content-type', 'text/html'],
  body: Buffer.from(
    '<h1>403 ERROR</h1><p>This distribution is not configured to allow the HTTP request method that was used for this request.</p>',
  ),
};

/** Returns the object's name for a path; undefined for one that leads out of the bucket's folder or is malformed. */
function nameOf(path: string): string | undefined {
  try {
    const name = decodeURIComponent(path.slice(1));
    return name.includes('\0') || name.split(/[/\\]/).includes('..') ? undefined : name;
  } catch {
    return undefined;
  }
}

function readFile(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if (['ENOENT', 'EISDIR', 'ENOTDIR'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}

/** Brotli is preferred when the browser accepts both. */
function acceptedEncoding({ rawHeaders }: GatewayRequest): Encoding | undefined {
  const accepted = headerValues(rawHeaders, 'accept-encoding')
    .flatMap((value) => value.split(','))
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
    .map((part) => part.split(';')[0]);
  return (['br', 'gzip'] as const).find((encoding) => accepted.includes(encoding));
}

/** Compares weakly, as If-None-Match demands. */
function isUnchanged({ rawHeaders }: GatewayRequest, etag: string): boolean {
  const known = headerValues(rawHeaders, 'if-none-match').flatMap((value) => value.split(','));
  return known.some((one) => ['*', etag].includes(one.trim().replace(/^W\//, '')));
}
