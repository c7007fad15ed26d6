/** Sockets of one user beyond their number: handshakes that ran at once let in more than one that looked alone would. */
import { surplusConnections } from '../../../shared/domain/rate-limits/connections-per-user.ts';
import { forEachConcurrent } from '../../../shared/realtime/for-each-concurrent.ts';
import { endRefusedSocket } from '../../../shared/realtime/fan-out.ts';
import { socketsOf } from '../../../shared/realtime/evict.ts';
import type { Dependencies } from '../dependencies.ts';

const closedAtOnce = 10;

/** Called after a socket was noted under its user, so that of those that come together the last one sees them all. */
export async function closeSurplusConnections(ports: Dependencies, userId: string): Promise<void> {
  const { connectionsPerUser } = ports.settings;
  if (connectionsPerUser === 0) return;
  const sockets = await socketsOf(ports, userId);
  // Those that a handshake has ended already are closed here as well.
  const surplus = [
    ...sockets.filter(({ ended }) => ended === 'too_many'),
    ...surplusConnections(sockets, ports.clock.now(), connectionsPerUser),
  ];
  const now = ports.clock.now();
  await forEachConcurrent(surplus, closedAtOnce, async (socket) => {
    // Marked first: one whose handshake is not over yet cannot be reached, and is closed by its own welcome.
    await ports.connections.end(socket.connectionId, 'too_many', now);
    await endRefusedSocket(ports, socket, 'rate_limited', 'Too many connections');
  });
}
