/** Sockets of one user beyond their number: handshakes that ran at once let in more than one that looked alone would. */
import { surplusOf } from '../../../shared/domain/connections/connections-per-user.ts';
import { each } from '../../../shared/realtime/each.ts';
import { endSocket } from '../../../shared/realtime/fan-out.ts';
import { socketsOf } from '../../../shared/realtime/take-out.ts';
import type { Dependencies } from '../dependencies.ts';

const closedAtOnce = 10;

/** Called after a socket was noted under its user, so that of those that come together the last one sees them all. */
export async function endSurplus(ports: Dependencies, userId: string): Promise<void> {
  const { connectionsPerUser } = ports.settings;
  if (connectionsPerUser === 0) return;
  const sockets = await socketsOf(ports, userId);
  // Those that a handshake has ended already are closed here as well.
  const surplus = [
    ...sockets.filter(({ ended }) => ended === 'too_many'),
    ...surplusOf(sockets, ports.clock.now(), connectionsPerUser),
  ];
  await each(surplus, closedAtOnce, ({ connectionId }) =>
    endSocket(ports, connectionId, 'rate_limited', 'Too many connections'),
  );
}
