/** Ends a gateway: politely for as long as the grace lasts, then by force. It opens nothing. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Integration } from './integration.ts';

export interface Closing {
  server: Server;
  sockets: ReadonlySet<Socket>;
  integration: Integration;
  graceMilliseconds: number;
}

/** All TCP sockets of the server, also those that a WebSocket took over, which the server itself forgets. */
export function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    // A request that was readmitted comes here a second time with the same socket.
    if (sockets.has(socket)) return;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

async function settledWithin(milliseconds: number, settled: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([settled, expired]);
  clearTimeout(timer);
}

/** Takes no more, waits for clients and functions up to the grace, and cuts what is left. */
export async function closeServer(closing: Closing): Promise<void> {
  const { server, sockets, integration } = closing;
  const stopped = server.listening
    ? new Promise<void>((resolve) => server.close(() => resolve()))
    : Promise.resolve();
  const allGone = Promise.all(
    [...sockets].map(
      (socket) => new Promise((resolve) => (socket.closed ? resolve(0) : socket.once('close', resolve))),
    ),
  );
  await settledWithin(closing.graceMilliseconds, Promise.all([stopped, allGone, integration.idle()]));
  integration.stop();
  for (const socket of sockets) socket.destroy();
  await stopped;
}
