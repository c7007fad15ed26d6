/** The end of an account: nobody can sign in to it from here on; what it left in rooms is erased by the reaction. */
import { ChatError, invalidField } from '../chat-error.ts';
import type { Caller, Login } from '../model.ts';
import type { SessionStore, UserStore } from '../ports/accounts.ts';
import { confirmPassword, type ConfirmPorts } from './confirm-password.ts';
import {
  completeRevocation,
  nextRevocation,
  type RevokePorts,
  type TokenLifetimes,
} from './revoke-tokens.ts';

type CompletePorts = Pick<RevokePorts, 'subscriptions' | 'connections'>;

export interface DeleteAccountPorts extends ConfirmPorts, CompletePorts {
  users: Pick<UserStore, 'findLogin' | 'getWithAccount' | 'erase'>;
  sessions: Pick<SessionStore, 'get' | 'page' | 'removeMany'>;
}

/** Whoever signed in so short a time ago has just given their password. */
const freshMs = 10 * 60 * 1_000;

/**
 * Asks for the password, unless the caller has just signed in. Throws `invalid_request` for a wrong or missing one,
 * `rate_limited`, `unauthorized`, `try_again`.
 */
export async function deleteAccount(
  ports: DeleteAccountPorts,
  caller: Caller,
  password: string | undefined,
  settings: TokenLifetimes & { failuresPerAccount: number },
): Promise<void> {
  const login =
    password === undefined
      ? await justSignedIn(ports, caller)
      : await confirmPassword(ports, caller, { field: 'password', password }, settings);
  const account = await ports.users.getWithAccount(caller.userId);
  if (account === undefined) throw new ChatError('unauthorized');
  const revocation = nextRevocation(login, undefined, ports.clock.now(), settings);
  if (!(await ports.users.erase(login, account, revocation))) throw new ChatError('try_again');
  await completeRevocation(ports, revocation);
}

async function justSignedIn({ users, sessions, clock }: DeleteAccountPorts, caller: Caller): Promise<Login> {
  const [session, login] = await Promise.all([
    sessions.get(caller.userId, caller.sessionId),
    users.findLogin(caller.username),
  ]);
  if (session === undefined || login?.userId !== caller.userId) throw new ChatError('unauthorized');
  if (clock.now() - session.createdAt > freshMs)
    throw invalidField('password', 'is needed, or a sign-in of the last ten minutes');
  return login;
}
