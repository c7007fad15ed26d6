/**
 * Deletes an account. From then on no sign-in is possible; the table stream's function erases what it left in
 * rooms.
 */
import { ChatError, invalidField } from '../chat-error.ts';
import type { Caller, Login } from '../model/accounts.ts';
import type { SessionStore, UserStore } from '../ports/accounts.ts';
import { confirmPassword, type ConfirmPorts } from './confirm-password.ts';
import {
  completeRevocation,
  nextRevocation,
  type RevokePorts,
  type TokenLifetimes,
} from './revoke-tokens.ts';
import { waitForAll } from '../wait-for-all.ts';

type CompletePorts = Pick<RevokePorts, 'subscriptions' | 'connections'>;

export interface DeleteAccountPorts extends ConfirmPorts, CompletePorts {
  users: Pick<UserStore, 'findLogin' | 'getWithAccount' | 'erase'>;
  sessions: Pick<SessionStore, 'get' | 'page' | 'removeMany'>;
}

/** A caller whose session is younger than this confirmed the password by signing in. */
const freshSessionMs = 10 * 60 * 1_000;

/**
 * Deletes the caller's account. The password may be omitted by a caller who has just signed in.
 * @throws ChatError `invalid_request` for a wrong or missing password, `rate_limited`, `unauthorized` when
 *   the session or the account has ended, `try_again` when another change of the login overtook this one
 */
export async function deleteAccount(
  ports: DeleteAccountPorts,
  caller: Caller,
  password: string | undefined,
  settings: TokenLifetimes & { failuresPerAccount: number },
): Promise<void> {
  const login =
    password === undefined
      ? await requireFreshSession(ports, caller)
      : await confirmPassword(ports, caller, { field: 'password', password }, settings);
  const account = await ports.users.getWithAccount(caller.userId);
  if (account === undefined) throw new ChatError('unauthorized');
  const revocation = nextRevocation(login, undefined, ports.clock.now(), settings);
  if (!(await ports.users.erase(login, account, revocation))) throw new ChatError('try_again');
  await completeRevocation(ports, revocation);
}

/** Returns the login of a caller who has just signed in. */
async function requireFreshSession(
  { users, sessions, clock }: DeleteAccountPorts,
  caller: Caller,
): Promise<Login> {
  const [session, login] = await waitForAll([
    sessions.get(caller.userId, caller.sessionId),
    users.findLogin(caller.username),
  ]);
  if (session === undefined || login?.userId !== caller.userId) throw new ChatError('unauthorized');
  if (clock.now() - session.createdAtMs > freshSessionMs)
    throw invalidField('password', 'is required unless you have signed in within the last ten minutes');
  return login;
}
