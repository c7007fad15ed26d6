/** Answers a request for a static resource: plain, compressed, or 304 when the client has the current version. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Resource } from './resource.ts';

const oneYear = 'public, max-age=31536000, immutable';
const revalidate = 'public, no-cache';

/** Whether an `Accept-Encoding` header accepts gzip. */
function acceptsGzip(acceptEncoding = ''): boolean {
  return acceptEncoding.split(',').some((choice) => {
    const [name, ...parameters] = choice.split(';').map((part) => part.trim().toLowerCase());
    return name === 'gzip' && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

const strongForm = (tag: string) => tag.trim().replace(/^W\//, '');

/** Whether an `If-None-Match` header names this entity tag. */
function isCurrent(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const known = ifNoneMatch.split(',').map(strongForm);
  return known.includes('*') || known.includes(strongForm(etag));
}

/**
 * Returns the answer to a GET or HEAD request for the resource. The answer to HEAD has a body, too: the gateway drops it
 * but takes `Content-Length` from it, which a function cannot set itself.
 */
export function answer(event: APIGatewayProxyEventV2, resource: Resource): APIGatewayProxyStructuredResultV2 {
  const { etag, gzip, body } = resource;
  const version = event.queryStringParameters?.['v'];
  const isVersioned = version !== undefined && etag === `W/"${version}"`;
  const headers: Record<string, string> = {
    ...resource.headers,
    etag,
    'cache-control': isVersioned ? oneYear : revalidate,
    ...(gzip !== undefined && { vary: 'Accept-Encoding' }),
  };
  if (isCurrent(event.headers['if-none-match'], etag)) return { statusCode: 304, headers };

  headers['content-type'] = resource.contentType;
  const compressed = gzip !== undefined && acceptsGzip(event.headers['accept-encoding']);
  if (compressed) headers['content-encoding'] = 'gzip';
  if (compressed) return { statusCode: 200, headers, body: gzip(), isBase64Encoded: true };
  return typeof body === 'string'
    ? { statusCode: 200, headers, body }
    : { statusCode: 200, headers, body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
}
