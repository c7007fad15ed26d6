/** Serves an upgrade request as a plain request where no WebSocket is offered, as HTTP allows. */
import type { Server } from 'node:http';
import type { UpgradeRequest } from './gateway-request.ts';

const upgradeHeaders = new Set(['upgrade', 'connection', 'http2-settings']);

/**
 * Passes a request to the server again, without its Upgrade header. Node gives every upgrade to the upgrade
 * listener and would leave it unanswered: also `h2c`, which Java's HTTP client sends with its first plain
 * request.
 */
export function readmitAsPlain(server: Server, { incoming, socket, head }: UpgradeRequest): void {
  const lines = [`${incoming.method} ${incoming.url} HTTP/${incoming.httpVersion}`];
  for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
    const name = incoming.rawHeaders[index] ?? '';
    if (!upgradeHeaders.has(name.toLowerCase())) lines.push(`${name}: ${incoming.rawHeaders[index + 1]}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}
