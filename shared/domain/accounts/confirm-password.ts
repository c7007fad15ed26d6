/** Asking somebody who is signed in for their password once more, before what cannot be undone. */
import { ChatError, invalidField } from '../chat-error.ts';
import type { Caller, Login } from '../model.ts';
import type { LimitStore, PasswordHasher, UserStore } from '../ports/accounts.ts';
import type { Clock } from '../ports/system.ts';
import { countAttempt } from '../rate-limits/fixed-window.ts';

export interface ConfirmPorts {
  users: Pick<UserStore, 'findLogin'>;
  limits: LimitStore;
  passwords: Pick<PasswordHasher, 'verify'>;
  clock: Clock;
}

const windowMs = 15 * 60 * 1_000;

/**
 * The login that the password belongs to. Limited for the session: whoever took one over can guess no longer, and
 * does not keep the owner from anything in another. Throws `invalid_request` for that field when it is wrong, since
 * the access token is good; `rate_limited`; `unauthorized` when the user is gone.
 */
export async function confirmPassword(
  { users, limits, passwords, clock }: ConfirmPorts,
  caller: Caller,
  { field, password }: { field: string; password: string },
  { failuresPerAccount }: { failuresPerAccount: number },
): Promise<Login> {
  const scope = `password/${caller.sessionId}`;
  const [attempt, login] = await Promise.all([
    countAttempt(limits, [{ scope, max: failuresPerAccount }], { now: clock.now(), windowMs }),
    users.findLogin(caller.username),
  ]);
  if (login?.userId !== caller.userId) throw new ChatError('unauthorized');
  if (attempt.exceeded.length > 0) throw attempt.refusal();
  if (!(await passwords.verify(password, login.passwordHash)))
    throw invalidField(field, 'is not the password');
  await attempt.uncount();
  return login;
}
