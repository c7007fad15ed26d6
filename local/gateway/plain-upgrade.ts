/**
 * Serves an upgrade request as a plain request where no WebSocket is offered, as HTTP allows. Java's HTTP client and
 * `curl --http2` offer `h2c` with their first request.
 */
import type { IncomingMessage, Server } from 'node:http';
import { headerValue, type GatewayRequest, type UpgradeRequest } from './gateway-request.ts';

const upgradeHeaders = new Set(['upgrade', 'connection', 'http2-settings']);

function withoutUpgrade(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => {
    const name = rawHeaders[index - (index % 2)] ?? '';
    return !upgradeHeaders.has(name.toLowerCase());
  });
}

/** Returns the request without the headers of an upgrade that was offered and not accepted. */
export function asPlain(request: GatewayRequest): GatewayRequest {
  if (headerValue(request.rawHeaders, 'upgrade') === undefined) return request;
  return { ...request, rawHeaders: withoutUpgrade(request.rawHeaders) };
}

/**
 * Returns the server option with which Node passes only these requests to the upgrade listener, and all others to the
 * request listener. Node 20 does not know it: there, the upgrade listener gets every upgrade.
 */
export function upgradeOnly(accepts: (incoming: IncomingMessage) => boolean) {
  return { shouldUpgradeCallback: accepts };
}

/**
 * Passes a request to the server again, without its Upgrade header, for the upgrade listener of a Node without
 * `shouldUpgradeCallback`. Later versions would keep the body to themselves.
 */
export function readmitAsPlain(server: Server, { incoming, socket, head }: UpgradeRequest): void {
  const lines = [`${incoming.method} ${incoming.url} HTTP/${incoming.httpVersion}`];
  const headers = withoutUpgrade(incoming.rawHeaders);
  for (let index = 0; index < headers.length; index += 2)
    lines.push(`${headers[index]}: ${headers[index + 1]}`);
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}
