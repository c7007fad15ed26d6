/** Answers one request for a resource: whole, compressed, or 304 to somebody who has it already. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Resource } from './resource.ts';

const oneYear = 'public, max-age=31536000, immutable';
const askAgain = 'public, no-cache';

/** Whether a header that lists alternatives with weights takes gzip. */
function takesGzip(acceptEncoding = ''): boolean {
  return acceptEncoding.split(',').some((choice) => {
    const [name, ...parameters] = choice.split(';').map((part) => part.trim().toLowerCase());
    return name === 'gzip' && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

const withoutWeakness = (tag: string) => tag.trim().replace(/^W\//, '');

/** Whether an `If-None-Match` header names this content. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const known = ifNoneMatch.split(',').map(withoutWeakness);
  return known.includes('*') || known.includes(withoutWeakness(etag));
}

/**
 * The answer to a GET or HEAD for this resource. HEAD gets the body as well: the gateway drops it, and takes
 * `Content-Length` from it, which a function cannot set itself.
 */
export function answer(event: APIGatewayProxyEventV2, found: Resource): APIGatewayProxyStructuredResultV2 {
  const { etag, gzip, body } = found;
  const version = event.queryStringParameters?.['v'];
  const isVersioned = version !== undefined && etag === `W/"${version}"`;
  const headers: Record<string, string> = {
    ...found.headers,
    etag,
    'cache-control': isVersioned ? oneYear : askAgain,
    ...(gzip !== undefined && { vary: 'Accept-Encoding' }),
  };
  if (isKnown(event.headers['if-none-match'], etag)) return { statusCode: 304, headers };

  headers['content-type'] = found.contentType;
  const compressed = gzip !== undefined && takesGzip(event.headers['accept-encoding']);
  if (compressed) headers['content-encoding'] = 'gzip';
  if (compressed) return { statusCode: 200, headers, body: gzip(), isBase64Encoded: true };
  return typeof body === 'string'
    ? { statusCode: 200, headers, body }
    : { statusCode: 200, headers, body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
}
