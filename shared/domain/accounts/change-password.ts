/** A new password: for whoever knows the old one, and the end of every session but the one that asks. */
import { ChatError, invalidField } from '../chat-error.ts';
import type { Caller } from '../model.ts';
import type { PasswordHasher, SessionStore, UserStore } from '../ports/accounts.ts';
import { confirmPassword, type ConfirmPorts } from './confirm-password.ts';
import type { SignOutPorts } from './end-sessions.ts';
import { endOtherSessions } from './own-sessions.ts';
import { mustBeGoodPassword } from './password-policy.ts';

export interface ChangePasswordPorts extends ConfirmPorts, SignOutPorts {
  users: Pick<UserStore, 'findLogin' | 'getWithAccount' | 'changePassword'>;
  sessions: SessionStore;
  passwords: PasswordHasher;
}

export interface PasswordChange {
  oldPassword: string;
  newPassword: string;
}

/** Throws `invalid_request`, `rate_limited`, `unauthorized`. */
export async function changePassword(
  ports: ChangePasswordPorts,
  caller: Caller,
  { oldPassword, newPassword }: PasswordChange,
  settings: { failuresPerAccount: number; accessTokenLifetimeMs: number },
): Promise<void> {
  const login = await confirmPassword(
    ports,
    caller,
    { field: 'old_password', password: oldPassword },
    settings,
  );
  const account = await ports.users.getWithAccount(caller.userId);
  if (account === undefined) throw new ChatError('unauthorized');
  mustBeGoodPassword('new_password', newPassword, account);
  if (await ports.passwords.verify(newPassword, login.passwordHash))
    throw invalidField('new_password', 'is the old one');
  const passwordHash = await ports.passwords.hash(newPassword);
  // Before as well: should this function die after the change, nobody stays who came in with the old password.
  await endOtherSessions(ports, caller, settings);
  if (!(await ports.users.changePassword(login, passwordHash)))
    throw invalidField('old_password', 'is not the password any more');
  await endOtherSessions(ports, caller, settings);
}
