/** A request as the two APIs see it, whether it came to their own address or through the edge. */
import type { IncomingMessage } from 'node:http';

export interface GatewayRequest {
  method: string;
  /** As sent, still percent-encoded. */
  path: string;
  /** As sent, without the question mark; empty for none. */
  query: string;
  /** Names and values in turn, with the sender's casing, as in `IncomingMessage.rawHeaders`. */
  rawHeaders: string[];
  protocol: string;
  /** Who opened the connection to the API: the client, or the edge in its place. */
  sourceIp: string;
  /** The port that it came in by. */
  port: number;
  viaEdge: boolean;
}

/** The log of the local runtime, as the gateway is given it. */
export type Log = (line: string, fields?: Record<string, unknown>) => void;

/** Reads what Node parsed, without making a URL object of it. */
export function readGatewayRequest(incoming: IncomingMessage): GatewayRequest {
  // A client that takes this for a proxy sends `GET http://host/path`.
  const url = (incoming.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '');
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  return {
    method: incoming.method ?? 'GET',
    path: path === '' ? '/' : path,
    query: mark === -1 ? '' : url.slice(mark + 1),
    rawHeaders: incoming.rawHeaders,
    protocol: `HTTP/${incoming.httpVersion}`,
    sourceIp: (incoming.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    port: incoming.socket.localPort ?? 80,
    viaEdge: false,
  };
}

/** The value of a header whatever its casing, the last one when it was sent more than once. */
export function headerValue(rawHeaders: string[], name: string): string | undefined {
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2) {
    if (rawHeaders[at]?.toLowerCase() === name) return rawHeaders[at + 1];
  }
  return undefined;
}

/** The host name that an API of this account would have. */
export function executeApiDomain(apiId: string, region: string): string {
  return `${apiId}.execute-api.${region}.amazonaws.com`;
}

/** What the gateway itself adds to `X-Forwarded-For`: the addresses that the client claimed, then its own. */
export function forwardedFor(request: GatewayRequest): string {
  const claimed: string[] = [];
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    if (request.rawHeaders[at]?.toLowerCase() === 'x-forwarded-for')
      claimed.push(request.rawHeaders[at + 1] ?? '');
  }
  return [...claimed, request.sourceIp].join(', ');
}
