/** A request that asks to upgrade where no WebSocket is offered is a plain request, as HTTP has it. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

const upgradeHeaders = new Set(['upgrade', 'connection', 'http2-settings']);

/**
 * Gives the request back to the server without its Upgrade header. Node hands every upgrade to the one listener,
 * also the `h2c` that Java's client puts on its first plain request, and would never answer it otherwise.
 */
export function readmitAsPlain(
  server: Server,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const lines = [`${incoming.method} ${incoming.url} HTTP/${incoming.httpVersion}`];
  for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
    const name = incoming.rawHeaders[at] ?? '';
    if (!upgradeHeaders.has(name.toLowerCase())) lines.push(`${name}: ${incoming.rawHeaders[at + 1]}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}
