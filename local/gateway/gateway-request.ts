/** A request as the two APIs receive it, either at their own address or through the edge. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

export interface GatewayRequest {
  method: string;
  /** As sent, still percent-encoded. */
  path: string;
  /** As sent, without the question mark; empty when there is none. */
  query: string;
  /** Alternating names and values in the sender's casing, as in `IncomingMessage.rawHeaders`. */
  rawHeaders: string[];
  protocol: string;
  /** The address that opened the connection to the API: the client's, or the edge's. */
  sourceIp: string;
  /** The local port on which the request arrived. */
  port: number;
  viaEdge: boolean;
}

/** A request to upgrade its connection, as Node passes it to the upgrade listener. */
export interface UpgradeRequest {
  incoming: IncomingMessage;
  socket: Duplex;
  /** The bytes that the client sent after the request. */
  head: Buffer;
}

/** Writes one line to the local runtime's log, as a warning if the fields have an `error` or a `problem`. */
export type GatewayLog = (line: string, fields?: Record<string, unknown>) => void;

/** Reads a request from what Node parsed, without the cost of a URL object. */
export function readGatewayRequest(incoming: IncomingMessage): GatewayRequest {
  // A client that believes this server to be a proxy sends `GET http://host/path`.
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

/** Returns the value of a header in any casing; the last value when the header was sent more than once. */
export function headerValue(rawHeaders: string[], name: string): string | undefined {
  return headerValues(rawHeaders, name).at(-1);
}

/** Returns the values of all lines of a header in any casing. */
export function headerValues(rawHeaders: string[], name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}

/** Returns the host name that API Gateway would give to an API. */
export function executeApiDomain(apiId: string, region: string): string {
  return `${apiId}.execute-api.${region}.amazonaws.com`;
}

/** Returns the value of `X-Forwarded-For`: the addresses that the client sent, then the client's own. */
export function forwardedFor(request: GatewayRequest): string {
  return [...headerValues(request.rawHeaders, 'x-forwarded-for'), request.sourceIp].join(', ');
}
