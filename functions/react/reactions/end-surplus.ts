/** Sockets of one user beyond their number: handshakes that ran at once let in more than one that looked alone would. */
import { surplusOf } from '../../../shared/domain/connections/connections-per-user.ts';
import type { PostOutcome } from '../../../shared/realtime/connections-client.ts';
import { closeFrame, toFrame } from '../../../shared/realtime/frames.ts';
import { socketsOf } from '../../../shared/realtime/take-out.ts';
import type { Dependencies } from '../dependencies.ts';

/** Tries to reach a socket, as often as it makes sense. */
export type Reach = (attempt: () => Promise<PostOutcome>) => Promise<PostOutcome>;

export const atOnce: Reach = (attempt) => attempt();

/** Read after a socket was noted under its user, so that of those that come together the last one sees them all. */
export async function findSurplus(ports: Dependencies, userId: string): Promise<string[]> {
  const { connectionsPerUser } = ports.settings;
  if (connectionsPerUser === 0) return [];
  const sockets = await socketsOf(ports, userId);
  return surplusOf(sockets, ports.clock.now(), connectionsPerUser).map(({ connectionId }) => connectionId);
}

export async function endSurplus(ports: Dependencies, connectionId: string, reach: Reach): Promise<void> {
  const last = toFrame(closeFrame('rate_limited', 'Too many connections'));
  await reach(() => ports.poster.post(connectionId, last));
  await Promise.all([ports.poster.close(connectionId), ports.connections.remove(connectionId)]);
}
