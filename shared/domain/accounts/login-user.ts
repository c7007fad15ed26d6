/** Login: one answer, in one time, for a wrong password and for a name that nobody has. */
import type { TokenPair } from '../../contract/entities.ts';
import { Username } from '../../contract/identifiers.ts';
import { foldCase } from '../../contract/names.ts';
import { ChatError } from '../chat-error.ts';
import type { Login, Session } from '../model.ts';
import type { PasswordHasher, UserStore } from '../ports/accounts.ts';
import { endSessions } from './end-sessions.ts';
import { countLogin, rememberAddress, type LoginLimits, type LoginLimitPorts } from './login-limits.ts';
import { startSession, type SessionPorts, type SessionSettings } from './sessions.ts';

export interface LoginPorts extends SessionPorts, LoginLimitPorts {
  users: Pick<UserStore, 'findLogin' | 'changePassword'>;
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
  settings: SessionSettings & LoginLimits,
): Promise<TokenPair> {
  const who = { name: ports.fingerprint(foldCase(username)), address };
  const [attempt, login] = await Promise.all([
    countLogin(ports, who, settings),
    // What cannot be a username is nobody's, and might not even fit in a key.
    Username.safeParse(username).success ? ports.users.findLogin(username) : undefined,
  ]);
  const matches = await ports.passwords.verify(password, login?.passwordHash);
  if (login === undefined || !matches) throw new ChatError('invalid_credentials');
  const [{ session, pair }] = await Promise.all([
    startSession(ports, { ...login, userAgent }, settings),
    attempt.takeBack(),
    rememberAddress(ports, who),
  ]);
  await mustStillBeGood(ports, { login, password, session }, settings);
  await renewHash(ports, login, password);
  return pair;
}

/**
 * Looked at after the session is there: whoever changes the password or deletes the account does that first, and
 * then ends the sessions that it finds.
 */
async function mustStillBeGood(
  { users, passwords, ...ports }: LoginPorts,
  { login, password, session }: { login: Login; password: string; session: Session },
  settings: SessionSettings,
): Promise<void> {
  const now = await users.findLogin(login.username);
  if (now?.passwordHash === login.passwordHash) return;
  // The same password may have another hash by now.
  if (now?.userId === login.userId && (await passwords.verify(password, now.passwordHash))) return;
  await endSessions(ports, session.userId, [session.sessionId], settings);
  throw new ChatError('invalid_credentials');
}

/** A hash that cost less than hashes do now is easier to guess by, and quicker to compare than that of nobody. */
async function renewHash({ users, passwords }: LoginPorts, login: Login, password: string): Promise<void> {
  if (!passwords.isOutdated(login.passwordHash)) return;
  await users.changePassword(login, await passwords.hash(password));
}
