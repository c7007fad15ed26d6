/** The event of the HTTP API, payload format 2.0; it neither routes nor calls. */
import { executeApiDomain, forwardedFor, headerValue, type GatewayRequest } from './gateway-request.ts';
import type { RouteMatch } from './http-routes.ts';
import { newRequestId, requestTime } from './request-ids.ts';

export interface HttpEventContext {
  accountId: string;
  apiId: string;
  region: string;
  stage: string;
}

// These end at the gateway: they describe the client's connection, not its request.
const connectionHeaders = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'expect',
]);

/** Lower-case names, and a header that was sent twice joined by a comma without a space. */
function joinHeaders(request: GatewayRequest): { headers: Record<string, string>; cookies: string[] } {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    const name = (request.rawHeaders[at] ?? '').toLowerCase();
    const value = request.rawHeaders[at + 1] ?? '';
    if (name === 'cookie') cookies.push(...value.split(/;\s*/).filter(Boolean));
    else if (!connectionHeaders.has(name)) {
      headers[name] = Object.hasOwn(headers, name) ? `${headers[name]},${value}` : value;
    }
  }
  headers['x-forwarded-for'] = forwardedFor(request);
  headers['x-forwarded-proto'] = 'http';
  headers['x-forwarded-port'] = String(request.port);
  return { headers, cookies };
}

function joinQuery(query: string): Record<string, string> {
  const joined = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(joined);
}

/** The types that API Gateway hands over as text; every other body comes in base64, also one without a type. */
export function isTextType(contentType: string | undefined): boolean {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return (
    type.startsWith('text/') ||
    /^application\/(?:json|javascript|xml|x-www-form-urlencoded)$/.test(type) ||
    /\+(?:json|xml)$/.test(type)
  );
}

/** Builds the event; members that would be empty are absent, as on AWS. `path` is decoded and has the stage in front. */
export function httpEvent(
  context: HttpEventContext,
  request: GatewayRequest,
  path: string,
  { route, pathParameters }: RouteMatch,
  body: Buffer,
): { requestId: string; event: Record<string, unknown> } {
  const now = Date.now();
  const requestId = newRequestId();
  const { headers, cookies } = joinHeaders(request);
  const query = joinQuery(request.query);
  const text = isTextType(headers['content-type']);
  const event = {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: path,
    rawQueryString: request.query,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(request.query !== '' && { queryStringParameters: query }),
    requestContext: {
      accountId: context.accountId,
      apiId: context.apiId,
      domainName: executeApiDomain(context.apiId, context.region),
      domainPrefix: context.apiId,
      http: {
        method: request.method,
        path,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: headerValue(request.rawHeaders, 'user-agent') ?? '',
      },
      requestId,
      routeKey: route.routeKey,
      stage: context.stage,
      time: requestTime(now),
      timeEpoch: now,
    },
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    ...(body.length > 0 && { body: body.toString(text ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !text,
  };
  return { requestId, event };
}
