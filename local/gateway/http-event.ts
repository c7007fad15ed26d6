/** Builds the event that the HTTP API passes to a function, in payload format 2.0. */
import { executeApiDomain, forwardedFor, headerValue, type GatewayRequest } from './gateway-request.ts';
import type { RouteMatch } from './http-routes.ts';
import { newRequestId, requestTime } from './request-ids.ts';

export interface HttpEventContext {
  accountId: string;
  apiId: string;
  region: string;
  stage: string;
}

/** The parts of a request that follow from its route. */
export interface RoutedRequest {
  path: string;
  match: RouteMatch;
  body: Buffer;
}

// These headers are not passed on: they describe the client's connection to the gateway, not its request.
const connectionHeaders = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'expect',
]);

/** Lowercases names, and joins the values of a repeated header with a comma, as API Gateway does. */
function joinHeaders(request: GatewayRequest): { headers: Record<string, string>; cookies: string[] } {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? '').toLowerCase();
    const value = request.rawHeaders[index + 1] ?? '';
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
    const previous = joined.get(name);
    joined.set(name, previous === undefined ? value : `${previous},${value}`);
  }
  return Object.fromEntries(joined);
}

/** Whether API Gateway passes a body of this type as text; all other bodies are in base64. */
export function isTextType(contentType: string | undefined): boolean {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return (
    type.startsWith('text/') ||
    /^application\/(?:json|javascript|xml|x-www-form-urlencoded)$/.test(type) ||
    /\+(?:json|xml)$/.test(type)
  );
}

/** Builds the event, without empty members, as on AWS. `path` is decoded and begins with the stage. */
export function httpEvent(
  context: HttpEventContext,
  request: GatewayRequest,
  { path, match, body }: RoutedRequest,
): { requestId: string; event: Record<string, unknown> } {
  const { route, pathParameters } = match;
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
