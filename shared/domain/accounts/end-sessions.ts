/** Ends sessions: no event reaches their connections any more, and their tokens are refused. */
import { chunk } from '../chunk.ts';
import { readSubscribers } from '../connections/subscribers.ts';
import { endConnection } from '../connections/extend-connection.ts';
import type { Connection } from '../model/connections.ts';
import type { RevocationStore, SessionStore } from '../ports/accounts.ts';
import type { SubscriptionStore, ConnectionStore } from '../ports/sockets.ts';
import type { Clock } from '../ports/system.ts';
import { waitForAll } from '../wait-for-all.ts';

export interface EndSessionsPorts {
  sessions: Pick<SessionStore, 'end'>;
  revocations: Pick<RevocationStore, 'revoke'>;
  subscriptions: SubscriptionStore;
  connections: ConnectionStore;
  clock: Clock;
}

/** A user may have a thousand sessions from before there was a limit, so they are ended in parts. */
const maxConcurrent = 50;

/**
 * Ends sessions of one user. The order matters: the revocations admit no new connection, then the open
 * connections are ended, and only then the sessions are removed, since their removal makes the table stream's
 * function close the sockets. A connection that is being opened checks for a revocation after it was
 * registered, so it is not missed.
 */
export async function endSessions(
  ports: EndSessionsPorts,
  userId: string,
  sessionIds: readonly string[],
  { accessTokenLifetimeMs }: { accessTokenLifetimeMs: number },
): Promise<void> {
  if (sessionIds.length === 0) return;
  const now = ports.clock.now();
  await inParts(sessionIds, (id) => ports.revocations.revoke(id, now + accessTokenLifetimeMs));
  const ended = new Set(sessionIds);
  await endUserConnections(ports, userId, ({ sessionId }) => ended.has(sessionId));
  await inParts(sessionIds, (id) => ports.sessions.end(userId, id));
}

/** Ends the user's connections that `hasEnded` selects. Once this returns, no event is posted to them. */
export async function endUserConnections(
  ports: Pick<EndSessionsPorts, 'subscriptions' | 'connections' | 'clock'>,
  userId: string,
  hasEnded: (connection: Connection) => boolean,
): Promise<void> {
  const now = ports.clock.now();
  const sockets = await readSubscribers(ports, userId, 1);
  const connections = await ports.connections.getMany(sockets.map(({ connectionId }) => connectionId));
  await inParts(connections.filter(hasEnded), (connection) =>
    endConnection(ports, connection, 'signed_out', now),
  );
}

async function inParts<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  for (const part of chunk(items, maxConcurrent)) await waitForAll(part.map(act));
}
