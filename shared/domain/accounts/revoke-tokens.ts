/** Ending all sessions of a user but one: one write that counts, then what follows from it. */
import { ChatError } from '../chat-error.ts';
import type { Caller, Login } from '../model.ts';
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

/** Two changes of one login at the same moment are rare, more of them rarer. */
const maxAttempts = 5;

/** More than a user may have; what older data holds beyond it expires by itself. */
const sessionsRemoved = 100;

/**
 * Ends every session of the caller's user but `keptSessionId`, and stores the new password in the same write.
 * @throws `unauthorized` when the caller's own session has ended, or the account is gone; `try_again`. `isStillGood`
 *   may throw for a login that changed in the time between.
 */
export async function revokeOtherTokens(
  ports: RevokePorts,
  caller: Caller,
  change: {
    keptSessionId?: string;
    passwordHash?: string;
    isStillGood?: (login: Login) => void;
  },
  lifetimes: TokenLifetimes,
): Promise<void> {
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const login = await ports.users.findLogin(caller.username);
    // Judged after the login was read: a session that another write ends must not be kept by this one.
    if (login?.userId !== caller.userId || (await ports.revocations.isRevoked(caller)))
      throw new ChatError('unauthorized');
    change.isStillGood?.(login);
    const revocation = nextRevocation(login, change.keptSessionId, ports.clock.now(), lifetimes);
    if (await ports.users.revokeTokens(login, revocation, change.passwordHash)) {
      await completeRevocation(ports, revocation);
      return;
    }
  }
  throw new ChatError('try_again');
}

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
    at: now,
    until: now + Math.max(maxSessionMs, refreshTokenLifetimeMs) + accessTokenLifetimeMs,
  };
}

/**
 * Silences the sockets of revoked sessions and removes their items. Their tokens are refused whether or not this is
 * done; where it is not, the reaction to the revocation closes the sockets, and the items expire.
 */
export async function completeRevocation(
  ports: Pick<RevokePorts, 'subscriptions' | 'connections' | 'sessions' | 'clock'>,
  revocation: Revocation,
): Promise<void> {
  const { userId } = revocation;
  await endUserConnections(ports, userId, (connection) => isRevokedBy(revocation, connection));
  const { items } = await ports.sessions.page(userId, sessionsRemoved);
  const revoked = items.filter((session) => isRevokedBy(revocation, session));
  await ports.sessions.removeMany(
    userId,
    revoked.map(({ sessionId }) => sessionId),
  );
}
