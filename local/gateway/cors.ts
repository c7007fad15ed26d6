/** What the HTTP API itself does about CORS; with a configuration, functions have no say in it. */
import { headerValue, type GatewayRequest } from './gateway-request.ts';
import type { HttpApiDefinition } from '../stack.ts';

export type Cors = NonNullable<HttpApiDefinition['cors']>;

function allowedOrigin(cors: Cors, origin: string): string | undefined {
  if (cors.allowOrigins.includes('*')) return '*';
  const schemes = cors.allowOrigins.filter((allowed) => allowed.endsWith('://*'));
  const allowed =
    cors.allowOrigins.includes(origin) || schemes.some((it) => origin.startsWith(it.slice(0, -1)));
  return allowed ? origin : undefined;
}

/** Whether this is a preflight, which the gateway answers even if a route would take it. */
export function isPreflight(request: GatewayRequest): boolean {
  return (
    request.method === 'OPTIONS' &&
    headerValue(request.rawHeaders, 'origin') !== undefined &&
    headerValue(request.rawHeaders, 'access-control-request-method') !== undefined
  );
}

/** The headers for the answer to that request, names and values in turn; none for an origin that is not allowed. */
export function corsHeaders(cors: Cors, request: GatewayRequest): string[] {
  const origin = headerValue(request.rawHeaders, 'origin');
  const allowed = origin === undefined ? undefined : allowedOrigin(cors, origin);
  if (allowed === undefined) return [];
  const headers = ['access-control-allow-origin', allowed];
  if (cors.allowCredentials) headers.push('access-control-allow-credentials', 'true');
  if (isPreflight(request)) {
    if (cors.allowMethods.length > 0)
      headers.push('access-control-allow-methods', cors.allowMethods.join(','));
    if (cors.allowHeaders.length > 0)
      headers.push('access-control-allow-headers', cors.allowHeaders.join(','));
    if (cors.maxAgeSeconds !== undefined) headers.push('access-control-max-age', String(cors.maxAgeSeconds));
  } else if (cors.exposeHeaders.length > 0) {
    headers.push('access-control-expose-headers', cors.exposeHeaders.join(','));
  }
  return headers;
}
