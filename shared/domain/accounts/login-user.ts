/** Login: one answer, in one time, for a wrong password and for a name that nobody has. */
import type { TokenPair } from '../../contract/entities.ts';
import { foldCase, Username } from '../../contract/identifiers.ts';
import { ChatError } from '../chat-error.ts';
import type { LimitStore, PasswordHasher, UserStore } from '../ports.ts';
import { tooMany, windowStartOf } from './attempts.ts';
import { startSession, type SessionPorts, type SessionSettings } from './sessions.ts';

export interface LoginPorts extends SessionPorts {
  users: UserStore;
  limits: LimitStore;
  passwords: PasswordHasher;
}

export interface LoginLimits {
  failuresPerAccount: number;
  failuresPerAddress: number;
}

const windowMs = 15 * 60 * 1_000;

/** Throws `invalid_credentials`, `rate_limited`. */
export async function loginUser(
  ports: LoginPorts,
  { username, password, address }: { username: string; password: string; address: string },
  settings: SessionSettings & LoginLimits,
): Promise<TokenPair> {
  const now = ports.clock.now();
  const start = windowStartOf(now, windowMs);
  // For the account together with the address, so that a stranger's failures do not lock the owner out.
  const scopes = [`login/${ports.fingerprint(foldCase(username))}/${address}`, `login/${address}`];
  const [login, [accountFailures = 0, addressFailures = 0]] = await Promise.all([
    // What cannot be a username is nobody's, and might not even fit in a key.
    Username.safeParse(username).success ? ports.users.findLogin(username) : undefined,
    ports.limits.counts(scopes, start),
  ]);
  if (accountFailures >= settings.failuresPerAccount || addressFailures >= settings.failuresPerAddress) {
    throw tooMany(start + windowMs - now);
  }
  const matches = await ports.passwords.verify(password, login?.passwordHash);
  if (login === undefined || !matches) {
    await Promise.all(scopes.map((scope) => ports.limits.hit(scope, start, windowMs)));
    throw new ChatError('invalid_credentials');
  }
  return startSession(ports, login, settings);
}
