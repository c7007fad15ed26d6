/** Signs a user out with the refresh token of the session. */
import type { Tokens } from '../ports/accounts.ts';
import { endSessions, type EndSessionsPorts } from './end-sessions.ts';

/**
 * Ends the session of a refresh token. Succeeds also when the session has ended already.
 * @throws ChatError `invalid_refresh_token`
 */
export async function logoutUser(
  ports: EndSessionsPorts & { tokens: Pick<Tokens, 'verifyRefresh'> },
  refresh: string,
  settings: { accessTokenLifetimeMs: number },
): Promise<void> {
  const { userId, sessionId } = await ports.tokens.verifyRefresh(refresh, ports.clock.now());
  await endSessions(ports, userId, [sessionId], settings);
}
