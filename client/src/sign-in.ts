/** Signs users in and out, and finds the one who is signed in. */
import type { ClientParts } from './client-parts.ts';
import type { LoginUserArguments, RegisterUserArguments } from './contract/http-operations.ts';
import { asProblem } from './problem.ts';
import * as problems from './problems.ts';
import type { SessionUser } from './session/claims.ts';

export async function registerUser(
  { http, takesTokens }: ClientParts,
  account: RegisterUserArguments,
): Promise<void> {
  if (takesTokens) throw problems.signInElsewhere();
  await http.registerUser(account);
}

export async function signIn(
  { http, session, takesTokens }: ClientParts,
  credentials: LoginUserArguments,
): Promise<SessionUser> {
  if (takesTokens) throw problems.signInElsewhere();
  await session.begin(await http.loginUser(credentials));
  const { user } = session;
  if (user === undefined) throw problems.foreignToken();
  return user;
}

export async function signOut({
  http,
  session,
  outbox,
  uploads,
  stored,
  takesTokens,
}: ClientParts): Promise<void> {
  const before = session.user;
  await session.refreshToken();
  const user = before ?? session.user;
  const refresh = await session.refreshToken();
  for (const { client_id } of await outbox.entriesOf(user?.id)) outbox.remove(client_id, 'discarded');
  // Another tab has signed in another user, who stays signed in.
  if (session.user?.id !== user?.id) return;
  await session.end();
  await stored?.removed;
  await uploads.removed;
  try {
    if (refresh !== undefined && !takesTokens) await http.logoutUser({ refresh });
  } catch (error) {
    // The tokens are forgotten here in any case; on the server the session expires by itself.
    asProblem(error);
  }
}

export async function findUser({ session, takesTokens }: ClientParts): Promise<SessionUser | undefined> {
  session.askAgain();
  if (takesTokens) await session.accessIfAny();
  else await session.refreshToken();
  return session.user;
}
