/**
 * Ends all sessions of a user, optionally except one: a single write revokes them, and a clean-up follows.
 */
import { ChatError } from '../chat-error.ts';
import type { Caller, Login } from '../model/accounts.ts';
import type { RevocationStore, SessionStore, UserStore } from '../ports/accounts.ts';
import type { Clock } from '../ports/system.ts';
import { endUserConnections, type EndSessionsPorts } from './end-sessions.ts';
import { isRevokedBy, type Revocation } from './revocation.ts';
import { maxSessionMs, type SessionSettings } from './sessions.ts';

export interface RevokePorts extends Pick<EndSessionsPorts, 'subscriptions' | 'connections'> {
  users: Pick<UserStore, 'findLogin' | 'revokeTokens'>;
  revocations: Pick<RevocationStore, 'isRevoked'>;
  sessions: Pick<SessionStore, 'page' | 'removeMany'>;
  clock: Clock;
}

export type TokenLifetimes = Pick<SessionSettings, 'accessTokenLifetimeMs' | 'refreshTokenLifetimeMs'>;

/** Concurrent changes of one login are rare, so a few attempts are enough. */
const maxAttempts = 5;

/**
 * More than the limit of sessions. Data from before the limit may hold more, and those expire by their TTL.
 */
const maxSessionsRemoved = 100;

/**
 * Ends every session of the caller's user except `keptSessionId`, and stores a new password in the same
 * write. `assertUnchanged` may throw for a login that has changed since the caller read it.
 * @throws ChatError `unauthorized` when the caller's session has ended or the account no longer exists,
 *   `try_again` when other changes of the login keep overtaking this one
 */
export async function revokeOtherTokens(
  ports: RevokePorts,
  caller: Caller,
  change: {
    keptSessionId?: string;
    passwordHash?: string;
    assertUnchanged?: (login: Login) => void;
  },
  lifetimes: TokenLifetimes,
): Promise<void> {
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const login = await ports.users.findLogin(caller.username);
    // Checked after the login was read: this write must not keep a session that another write has just ended.
    if (login?.userId !== caller.userId || (await ports.revocations.isRevoked(caller)))
      throw new ChatError('unauthorized');
    change.assertUnchanged?.(login);
    const revocation = nextRevocation(login, change.keptSessionId, ports.clock.now(), lifetimes);
    if (await ports.users.revokeTokens(login, revocation, change.passwordHash)) {
      await completeRevocation(ports, revocation);
      return;
    }
  }
  throw new ChatError('try_again');
}

/** Returns the revocation of all sessions that began with the login as it is now. */
export function nextRevocation(
  login: Login,
  keptSessionId: string | undefined,
  now: number,
  { accessTokenLifetimeMs, refreshTokenLifetimeMs }: TokenLifetimes,
): Revocation {
  return {
    userId: login.userId,
    tokenVersion: login.tokenVersion + 1,
    ...(keptSessionId === undefined ? {} : { keptSessionId }),
    revokedAtMs: now,
    expiresAtMs: now + Math.max(maxSessionMs, refreshTokenLifetimeMs) + accessTokenLifetimeMs,
  };
}

/**
 * Ends the connections of revoked sessions and removes the sessions. Their tokens are refused even if this
 * fails; the table stream's function then closes the sockets, and the sessions expire.
 */
export async function completeRevocation(
  ports: Pick<RevokePorts, 'subscriptions' | 'connections' | 'sessions' | 'clock'>,
  revocation: Revocation,
): Promise<void> {
  const { userId } = revocation;
  await endUserConnections(ports, userId, (connection) => isRevokedBy(revocation, connection));
  const { items } = await ports.sessions.page(userId, maxSessionsRemoved);
  const revoked = items.filter((session) => isRevokedBy(revocation, session));
  await ports.sessions.removeMany(
    userId,
    revoked.map(({ sessionId }) => sessionId),
  );
}
