/**
 * CORS of the HTTP API. Once it is configured, API Gateway ignores the functions' CORS headers, and answers the preflights
 * that no route matches.
 */
import { headerValue, type GatewayRequest } from './gateway-request.ts';
import type { HttpApiDefinition } from '../stack.ts';

export type Cors = NonNullable<HttpApiDefinition['cors']>;

function allowedOrigin(cors: Cors, origin: string): string | undefined {
  if (cors.allowOrigins.includes('*')) return '*';
  const schemeWildcards = cors.allowOrigins.filter((pattern) => pattern.endsWith('://*'));
  const allowed =
    cors.allowOrigins.includes(origin) || schemeWildcards.some((it) => origin.startsWith(it.slice(0, -1)));
  return allowed ? origin : undefined;
}

/** Whether a request is a preflight: both of these headers must be there. */
export function isPreflight(request: GatewayRequest): boolean {
  return (
    request.method === 'OPTIONS' &&
    headerValue(request.rawHeaders, 'origin') !== undefined &&
    headerValue(request.rawHeaders, 'access-control-request-method') !== undefined
  );
}

/** Returns CORS headers as alternating names and values; empty when the origin is not allowed. */
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
