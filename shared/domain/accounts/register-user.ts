/** Registers users: stores the user, the account and the login, all or none of them. */
import type { RegisteredUser } from '../../contract/entities.ts';
import type { LimitStore, PasswordHasher, UserStore } from '../ports/accounts.ts';
import type { Clock, Random } from '../ports/system.ts';
import { consumeLimit } from '../rate-limits/fixed-window.ts';
import { assertAcceptablePassword } from './password-policy.ts';

export interface RegisterPorts {
  users: UserStore;
  limits: LimitStore;
  passwords: PasswordHasher;
  clock: Clock;
  random: Random;
}

export interface Registration {
  username: string;
  email: string;
  password: string;
  /** The IP address that the request came from. */
  address: string;
}

const windowMs = 60 * 60 * 1_000;

/**
 * Registers a user. Whether another user has the same e-mail address is not checked, so neither the answer
 * nor its time reveals it.
 * @throws ChatError `invalid_request` for an unacceptable password, `username_taken`, `rate_limited`
 */
export async function registerUser(
  { users, limits, passwords, clock, random }: RegisterPorts,
  { username, email, password, address }: Registration,
  { registrationsPerHour }: { registrationsPerHour: number },
): Promise<RegisteredUser> {
  assertAcceptablePassword('password', password, { username, email });
  const now = clock.now();
  await consumeLimit(limits, {
    scope: `register/${address}`,
    windowMs,
    max: registrationsPerHour,
    now,
  });
  const userId = random.uuid();
  await users.register(
    { userId, username, firstName: '', lastName: '', profilePicture: null, createdAtMs: now },
    { userId, email },
    { userId, username, passwordHash: await passwords.hash(password), tokenVersion: 0 },
  );
  return { id: userId, username, email };
}
