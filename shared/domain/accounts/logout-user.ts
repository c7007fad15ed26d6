/** Signing out: from the answer on, nothing that is committed reaches the session's sockets. */
import { extendConnection } from '../connections/extend-connection.ts';
import { readAudience } from '../connections/audience.ts';
import type {
  AudienceStore,
  Clock,
  ConnectionStore,
  RevocationStore,
  SessionStore,
  Tokens,
} from '../ports.ts';

export interface SignOutPorts {
  sessions: Pick<SessionStore, 'end'>;
  revocations: RevocationStore;
  audiences: AudienceStore;
  connections: ConnectionStore;
  clock: Clock;
}

/** Ending a session that is over already is no error. Throws `invalid_refresh_token`. */
export async function logoutUser(
  ports: SignOutPorts & { tokens: Pick<Tokens, 'verifyRefresh'> },
  refresh: string,
  settings: { accessTokenLifetimeMs: number },
): Promise<void> {
  const { userId, sessionId } = await ports.tokens.verifyRefresh(refresh, ports.clock.now());
  await endSession(ports, { userId, sessionId }, settings);
}

/**
 * First no new socket is admitted, then the present ones hear nothing more, and only then the session goes: its
 * removal is what closes them. A socket that is being opened looks for the revocation after it has joined.
 */
export async function endSession(
  ports: SignOutPorts,
  { userId, sessionId }: { userId: string; sessionId: string },
  { accessTokenLifetimeMs }: { accessTokenLifetimeMs: number },
): Promise<void> {
  const now = ports.clock.now();
  await ports.revocations.revoke(sessionId, now + accessTokenLifetimeMs);
  const sockets = (await readAudience(ports, userId, 1)).filter((socket) => socket.sessionId === sessionId);
  const connections = await ports.connections.getMany(sockets.map(({ connectionId }) => connectionId));
  await Promise.all(
    connections.map((connection) => extendConnection(ports, connection, { tokenEndsAt: now })),
  );
  await ports.sessions.end(userId, sessionId);
}
