/** Ending sessions: from then on nothing that is committed reaches their sockets, and their tokens are refused. */
import { readSubscribers } from '../connections/subscribers.ts';
import { endConnection } from '../connections/extend-connection.ts';
import type { Connection } from '../model.ts';
import type { RevocationStore, SessionStore } from '../ports/accounts.ts';
import type { SubscriptionStore, ConnectionStore } from '../ports/sockets.ts';
import type { Clock } from '../ports/system.ts';

export interface EndSessionsPorts {
  sessions: Pick<SessionStore, 'end'>;
  revocations: Pick<RevocationStore, 'revoke'>;
  subscriptions: SubscriptionStore;
  connections: ConnectionStore;
  clock: Clock;
}

/** Somebody may have signed in a thousand times: so many of them are ended at a time. */
const atOnce = 50;

/**
 * First no new socket is admitted, then the present ones hear nothing more, and only then the sessions go: their
 * removal is what closes them. A socket that is being opened looks for the revocation after it was registered.
 */
export async function endSessions(
  ports: EndSessionsPorts,
  userId: string,
  sessionIds: readonly string[],
  { accessTokenLifetimeMs }: { accessTokenLifetimeMs: number },
): Promise<void> {
  if (sessionIds.length === 0) return;
  const now = ports.clock.now();
  await inTurns(sessionIds, (id) => ports.revocations.revoke(id, now + accessTokenLifetimeMs));
  const ended = new Set(sessionIds);
  await endUserConnections(ports, userId, ({ sessionId }) => ended.has(sessionId));
  await inTurns(sessionIds, (id) => ports.sessions.end(userId, id));
}

/** From the answer on, nothing is posted to the user's sockets whose session has ended. */
export async function endUserConnections(
  ports: Pick<EndSessionsPorts, 'subscriptions' | 'connections' | 'clock'>,
  userId: string,
  hasEnded: (connection: Connection) => boolean,
): Promise<void> {
  const now = ports.clock.now();
  const sockets = await readSubscribers(ports, userId, 1);
  const connections = await ports.connections.getMany(sockets.map(({ connectionId }) => connectionId));
  await inTurns(connections.filter(hasEnded), (connection) =>
    endConnection(ports, connection, 'signed_out', now),
  );
}

async function inTurns<T>(all: readonly T[], act: (one: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < all.length; at += atOnce) await Promise.all(all.slice(at, at + atOnce).map(act));
}
