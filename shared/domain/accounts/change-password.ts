/** Changes a password, and in the same write ends all sessions but the caller's. */
import { ChatError, invalidField } from '../chat-error.ts';
import type { Caller } from '../model/accounts.ts';
import type { PasswordHasher, UserStore } from '../ports/accounts.ts';
import { confirmPassword, type ConfirmPorts } from './confirm-password.ts';
import { assertAcceptablePassword } from './password-policy.ts';
import { revokeOtherTokens, type RevokePorts, type TokenLifetimes } from './revoke-tokens.ts';

export interface ChangePasswordPorts extends ConfirmPorts, RevokePorts {
  users: Pick<UserStore, 'findLogin' | 'getWithAccount' | 'revokeTokens'>;
  passwords: PasswordHasher;
}

export interface PasswordChange {
  oldPassword: string;
  newPassword: string;
}

/**
 * Changes the caller's password.
 * @throws ChatError `invalid_request` for a wrong old or an unacceptable new password, `rate_limited`,
 *   `unauthorized` when the session has ended, `try_again` when other changes of the login keep overtaking
 *   this one
 */
export async function changePassword(
  ports: ChangePasswordPorts,
  caller: Caller,
  { oldPassword, newPassword }: PasswordChange,
  settings: TokenLifetimes & { failuresPerAccount: number },
): Promise<void> {
  const login = await confirmPassword(
    ports,
    caller,
    { field: 'old_password', password: oldPassword },
    settings,
  );
  const account = await ports.users.getWithAccount(caller.userId);
  if (account === undefined) throw new ChatError('unauthorized');
  assertAcceptablePassword('new_password', newPassword, account);
  if (await ports.passwords.verify(newPassword, login.passwordHash))
    throw invalidField('new_password', 'must differ from the old password');
  const passwordHash = await ports.passwords.hash(newPassword);
  await revokeOtherTokens(
    ports,
    caller,
    {
      keptSessionId: caller.sessionId,
      passwordHash,
      assertUnchanged(current) {
        if (current.passwordHash !== login.passwordHash)
          throw invalidField('old_password', 'is no longer your password');
      },
    },
    settings,
  );
}
