/** Login: one answer, in one time, for a wrong password and for a name that nobody has. */
import type { TokenPair } from '../../contract/entities.ts';
import { Username } from '../../contract/identifiers.ts';
import { foldCase } from '../../contract/names.ts';
import { ChatError } from '../chat-error.ts';
import type { Login } from '../model.ts';
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

export interface LoginPorts extends SessionPorts, FailedLoginPorts {
  users: Pick<UserStore, 'findLogin' | 'renewHash' | 'revokeTokens'>;
  sessions: SessionStore;
  revocations: RevocationStore;
  passwords: PasswordHasher;
}

export interface LoginAttempt {
  username: string;
  password: string;
  /** Where the request came from. */
  address: string;
  userAgent?: string | undefined;
}

/** Throws `invalid_credentials`, `rate_limited`. */
export async function loginUser(
  ports: LoginPorts,
  { username, password, address, userAgent }: LoginAttempt,
  settings: SessionSettings & FailedLoginLimits & SuccessfulLoginLimits,
): Promise<TokenPair> {
  const who = { name: ports.fingerprint(foldCase(username)), address };
  await assertLoginsLeft(ports.limits, who, settings, ports.clock.now());
  const [attempt, login] = await Promise.all([
    countLogin(ports, who, settings),
    // What cannot be a username is nobody's, and might not even fit in a key.
    Username.safeParse(username).success ? ports.users.findLogin(username) : undefined,
  ]);
  const matches = await ports.passwords.verify(password, login?.passwordHash);
  if (login === undefined || !matches) throw new ChatError('invalid_credentials');
  await Promise.all([attempt.succeed(), countSuccess(ports.limits, who, settings, ports.clock.now())]);
  const { session, pair } = await startSession(ports, { ...login, userAgent }, settings);
  const revocation = await ports.revocations.findOfUser(login.userId);
  // Only an answer that is worth more: the session of a login that was changed or erased is revoked from its beginning.
  if (revocation !== undefined && isRevokedBy(revocation, session))
    throw new ChatError('invalid_credentials');
  await endOldestSessions(ports, { login, present: session, revocation }, settings);
  await renewHash(ports, login, password);
  return pair;
}

/** A hash that cost less than hashes do now is easier to guess by, and quicker to compare than that of nobody. */
async function renewHash({ users, passwords }: LoginPorts, login: Login, password: string): Promise<void> {
  if (!passwords.isOutdated(login.passwordHash)) return;
  await users.renewHash(login, await passwords.hash(password));
}
