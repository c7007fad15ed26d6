/** Lists and ends the sessions of one user. */
import type { Session as SessionView } from '../../contract/entities.ts';
import { ChatError } from '../chat-error.ts';
import type { Caller } from '../model/accounts.ts';
import type { RevocationStore, SessionStore, Tokens } from '../ports/accounts.ts';
import type { Clock } from '../ports/system.ts';
import { viewSession } from '../views.ts';
import { endSessions, type EndSessionsPorts } from './end-sessions.ts';
import { revokeOtherTokens, type RevokePorts, type TokenLifetimes } from './revoke-tokens.ts';
import { isAlive, readSessions } from './session-cap.ts';
import { waitForAll } from '../wait-for-all.ts';

export interface ListSessionsPorts {
  sessions: Pick<SessionStore, 'page' | 'get'>;
  revocations: Pick<RevocationStore, 'findOfUser'>;
  clock: Clock;
}

/** Lists the caller's sessions that are alive, newest first. */
export async function listSessions(ports: ListSessionsPorts, caller: Caller): Promise<SessionView[]> {
  const now = ports.clock.now();
  const [stored, own, revocation] = await waitForAll([
    readSessions(ports, caller.userId),
    ports.sessions.get(caller.userId, caller.sessionId),
    ports.revocations.findOfUser(caller.userId),
  ]);
  const found = new Map(
    [...stored, ...(own === undefined ? [] : [own])].map((session) => [session.sessionId, session]),
  );
  return [...found.values()]
    .filter((session) => isAlive(session, revocation, now))
    .sort((a, b) => b.createdAtMs - a.createdAtMs)
    .map((session) => viewSession(session, caller.sessionId));
}

/**
 * Ends the session of a refresh token. Succeeds also when the session has ended already.
 * @throws ChatError `invalid_refresh_token`
 */
export async function logoutUser(
  ports: EndSessionsPorts & { tokens: Pick<Tokens, 'verifyRefresh'> },
  refresh: string,
  settings: Pick<TokenLifetimes, 'accessTokenLifetimeMs'>,
): Promise<void> {
  const { userId, sessionId } = await ports.tokens.verifyRefresh(refresh, ports.clock.now());
  await endSessions(ports, userId, [sessionId], settings);
}

/**
 * Ends one session of the caller's user.
 * @throws ChatError `not_found` when the user has no such session
 */
export async function endOwnSession(
  ports: EndSessionsPorts & { sessions: Pick<SessionStore, 'get' | 'end'> },
  caller: Caller,
  sessionId: string,
  settings: Pick<TokenLifetimes, 'accessTokenLifetimeMs'>,
): Promise<void> {
  const session = await ports.sessions.get(caller.userId, sessionId);
  if (session === undefined || !isAlive(session, undefined, ports.clock.now()))
    throw new ChatError('not_found');
  await endSessions(ports, caller.userId, [sessionId], settings);
}

/**
 * Ends every session of the caller's user, the caller's own included.
 * @throws ChatError `unauthorized` when the caller's session has ended, `try_again` when other changes of the
 *   login keep overtaking this one
 */
export async function signOutEverywhere(
  ports: RevokePorts,
  caller: Caller,
  lifetimes: TokenLifetimes,
): Promise<void> {
  await revokeOtherTokens(ports, caller, {}, lifetimes);
}
