/** Confirms the password of a signed-in user before a change that cannot be undone. */
import { ChatError, invalidField } from '../chat-error.ts';
import type { Caller, Login } from '../model/accounts.ts';
import type { LimitStore, PasswordHasher, UserStore } from '../ports/accounts.ts';
import type { Clock } from '../ports/system.ts';
import { countAttempt } from '../rate-limits/fixed-window.ts';
import { waitForAll } from '../wait-for-all.ts';

export interface ConfirmPorts {
  users: Pick<UserStore, 'findLogin'>;
  limits: LimitStore;
  passwords: Pick<PasswordHasher, 'verify'>;
  clock: Clock;
}

const windowMs = 15 * 60 * 1_000;

/**
 * Returns the caller's login if the password is right. Failures are limited per session, so that someone who
 * took over a session cannot go on guessing, and cannot lock the owner out of other sessions either.
 * @throws ChatError `invalid_request` for `field` when the password is wrong (not `unauthorized`, since the
 *   access token is valid), `rate_limited`, `unauthorized` when the user no longer exists
 */
export async function confirmPassword(
  { users, limits, passwords, clock }: ConfirmPorts,
  caller: Caller,
  { field, password }: { field: string; password: string },
  { failuresPerAccount }: { failuresPerAccount: number },
): Promise<Login> {
  const scope = `password/${caller.sessionId}`;
  const [attempt, login] = await waitForAll([
    countAttempt(limits, [{ scope, max: failuresPerAccount }], { now: clock.now(), windowMs }),
    users.findLogin(caller.username),
  ]);
  if (login?.userId !== caller.userId) throw new ChatError('unauthorized');
  if (attempt.exceeded.length > 0) throw attempt.refusal();
  if (!(await passwords.verify(password, login.passwordHash)))
    throw invalidField(field, 'is not your password');
  await attempt.refund();
  return login;
}
