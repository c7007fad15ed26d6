/** Ends sockets: posts the `close` frame, closes the socket, and removes its connection. */
import type { Subscriber } from '../domain/model/connections.ts';
import type { ConnectionStore } from '../domain/ports/sockets.ts';
import type { Clock } from '../domain/ports/system.ts';
import { handshakeMs } from '../domain/thresholds.ts';
import { waitForAll } from '../domain/wait-for-all.ts';
import type { ConnectionGateway } from './connection-gateway.ts';
import { closeFrame } from './frames.ts';
import { toFrame } from './send-events.ts';

export interface EndSocketPorts {
  connectionGateway: ConnectionGateway;
  connections: Pick<ConnectionStore, 'remove'>;
}

type CloseName = Parameters<typeof closeFrame>[0];

/** Ends one socket. The table stream takes its connection out of its rooms once it has been removed. */
export async function endSocket(
  { connectionGateway, connections }: EndSocketPorts,
  connectionId: string,
  name: CloseName,
  reason: string,
): Promise<void> {
  await connectionGateway.post(connectionId, toFrame(closeFrame(name, reason)));
  await waitForAll([connectionGateway.close(connectionId), connections.remove(connectionId)]);
}

/**
 * Ends the socket of a connection whose right has been recorded as ended. While its handshake is unanswered the socket
 * cannot be reached, and would stay open if its connection were removed: its welcome sees the recorded end and closes it.
 */
export async function endRefusedSocket(
  ports: EndSocketPorts & { clock: Clock },
  { connectionId, openedAtMs }: Pick<Subscriber, 'connectionId' | 'openedAtMs'>,
  name: CloseName,
  reason: string,
): Promise<void> {
  const posted = await ports.connectionGateway.post(connectionId, toFrame(closeFrame(name, reason)));
  if (posted === 'gone' && ports.clock.now() - openedAtMs <= handshakeMs) return;
  await waitForAll([ports.connectionGateway.close(connectionId), ports.connections.remove(connectionId)]);
}
