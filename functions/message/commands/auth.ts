/** `auth`: moves the connection to a new access token of the same user, before the old token ends. */
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { endConnection, extendConnection } from '../../../shared/domain/connections/extend-connection.ts';
import { waitForAll } from '../../../shared/domain/wait-for-all.ts';
import type { CommandHandler } from '../command.ts';

/** @throws ChatError `unauthorized`. */
export const auth: CommandHandler<'auth'> = async (ports, connection, { token }) => {
  const verifier = await ports.tokens();
  const caller = await verifier.verifyAccess(token, ports.clock.now());
  if (caller.userId !== connection.userId) throw new ChatError('unauthorized');
  const changesSession = caller.sessionId !== connection.sessionId;
  const sessions = changesSession ? [caller, connection] : [caller];
  const assertNotRevoked = async (): Promise<void> => {
    const revoked = await waitForAll(sessions.map((session) => ports.revocations.isRevoked(session)));
    if (revoked.includes(true)) throw new ChatError('unauthorized');
  };
  await assertNotRevoked();
  // From here on the connection ends with the session of its new token. One that was ended before is not extended.
  const { tokenEndsAtMs, sessionId, tokenVersion } = caller;
  const now = ports.clock.now();
  if (!(await extendConnection(ports, connection, { tokenEndsAtMs, sessionId, tokenVersion }, now)))
    throw new ChatError('unauthorized');
  if (!changesSession) return;
  // A sign-out of the other session looks for the connections of that session, and did not find this one if it ran
  // just before the move.
  await assertNotRevoked().catch(async (error: unknown) => {
    await endConnection(ports, connection, 'signed_out', now);
    throw error;
  });
};
