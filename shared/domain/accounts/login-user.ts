/** Signs users in. A wrong password and an unknown username have the same answer and take the same time. */
import type { TokenPair } from '../../contract/entities.ts';
import { Username } from '../../contract/identifiers.ts';
import { foldCase } from '../../contract/names.ts';
import { ChatError } from '../chat-error.ts';
import type { Login } from '../model/accounts.ts';
import type { PasswordHasher, RevocationStore, SessionStore, UserStore } from '../ports/accounts.ts';
import { countLogin, type FailedLoginLimits, type FailedLoginPorts } from '../rate-limits/failed-logins.ts';
import {
  assertLoginsLeft,
  countSuccess,
  type SuccessfulLoginLimits,
} from '../rate-limits/successful-logins.ts';
import { isRevokedBy } from './revocation.ts';
import { endOldestSessions } from './session-cap.ts';
import { startSession, type SessionPorts, type SessionSettings } from './sessions.ts';
import { waitForAll } from '../wait-for-all.ts';

export interface LoginPorts extends SessionPorts, FailedLoginPorts {
  users: Pick<UserStore, 'findLogin' | 'renewHash' | 'revokeTokens'>;
  sessions: SessionStore;
  revocations: RevocationStore;
  passwords: PasswordHasher;
}

export interface LoginAttempt {
  username: string;
  password: string;
  /** The IP address that the request came from. */
  address: string;
  userAgent?: string | undefined;
}

/**
 * Signs a user in and returns the tokens of a new session.
 * @throws ChatError `invalid_credentials`, `rate_limited`
 */
export async function loginUser(
  ports: LoginPorts,
  { username, password, address, userAgent }: LoginAttempt,
  settings: SessionSettings & FailedLoginLimits & SuccessfulLoginLimits,
): Promise<TokenPair> {
  const target = { name: ports.fingerprint(foldCase(username)), address };
  await assertLoginsLeft(ports.limits, target, settings, ports.clock.now());
  const [attempt, login] = await waitForAll([
    countLogin(ports, target, settings),
    // A string that cannot be a username belongs to no user, and might exceed the size of a key.
    Username.safeParse(username).success ? ports.users.findLogin(username) : undefined,
  ]);
  const matches = await ports.passwords.verify(password, login?.passwordHash);
  if (login === undefined || !matches) throw new ChatError('invalid_credentials');
  await waitForAll([attempt.succeed(), countSuccess(ports.limits, target, settings, ports.clock.now())]);
  const { session, pair } = await startSession(ports, { ...login, userAgent }, settings);
  const revocation = await ports.revocations.findOfUser(login.userId);
  // If the login was changed or erased since it was read, the new session is already revoked, so do not hand
  // it out.
  if (revocation !== undefined && isRevokedBy(revocation, session))
    throw new ChatError('invalid_credentials');
  await endOldestSessions(ports, { login, newest: session, revocation }, settings);
  await renewHash(ports, login, password);
  return pair;
}

/**
 * Replaces a hash that was made at another cost. One made at a lower cost is easier to attack, and its
 * comparison is faster than that for an unknown username.
 */
async function renewHash({ users, passwords }: LoginPorts, login: Login, password: string): Promise<void> {
  if (!passwords.isOutdated(login.passwordHash)) return;
  await users.renewHash(login, await passwords.hash(password));
}
