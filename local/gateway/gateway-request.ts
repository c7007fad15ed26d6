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
  return headerValues(rawHeaders, name).at(-1);
}

/** The value of each line of a header, whatever its casing. */
export function headerValues(rawHeaders: string[], name: string): string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name);
}

/** The host name that an API of this account would have. */
export function executeApiDomain(apiId: string, region: string): string {
  return `${apiId}.execute-api.${region}.amazonaws.com`;
}

/** What the gateway itself adds to `X-Forwarded-For`: the addresses that the client claimed, then its own. */
export function forwardedFor(request: GatewayRequest): string {
  return [...headerValues(request.rawHeaders, 'x-forwarded-for'), request.sourceIp].join(', ');
}
