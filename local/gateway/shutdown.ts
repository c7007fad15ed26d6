/** Closes the gateway's server: waits for clients and functions during a grace period, then cuts them. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Integration } from './integration.ts';

export interface CloseServerOptions {
  server: Server;
  sockets: ReadonlySet<Socket>;
  integration: Integration;
  graceMs: number;
}

/** Returns all TCP sockets of the server, including those of WebSockets, which Node does not track. */
export function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    // `readmitAsPlain` emits the event a second time for the same socket.
    if (sockets.has(socket)) return;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

async function waitAtMost(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([work, expired]);
  clearTimeout(timer);
}

/** Stops accepting requests, waits up to `graceMs` for clients and functions, then destroys the sockets. */
export async function closeServer(options: CloseServerOptions): Promise<void> {
  const { server, sockets, integration, graceMs } = options;
  const stopped = server.listening
    ? new Promise<void>((resolve) => server.close(() => resolve()))
    : Promise.resolve();
  const allClosed = Promise.all(
    [...sockets].map(
      (socket) => new Promise((resolve) => (socket.closed ? resolve(0) : socket.once('close', resolve))),
    ),
  );
  await waitAtMost(graceMs, Promise.all([stopped, allClosed, integration.idle()]));
  integration.stop();
  for (const socket of sockets) socket.destroy();
  await stopped;
}
