/** `auth`: a new access token of the same user, before the old one ends. */
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { endConnection, extendConnection } from '../../../shared/domain/connections/extend-connection.ts';
import type { CommandHandler } from '../command.ts';

/** @throws ChatError `unauthorized`. */
export const auth: CommandHandler<'auth'> = async (ports, connection, { token }) => {
  const verifier = await ports.tokens();
  const caller = await verifier.verifyAccess(token, ports.clock.now());
  if (caller.userId !== connection.userId) throw new ChatError('unauthorized');
  const isMoving = caller.sessionId !== connection.sessionId;
  const holders = isMoving ? [caller, connection] : [caller];
  const assertNotRevoked = async (): Promise<void> => {
    const revoked = await Promise.all(holders.map((holder) => ports.revocations.isRevoked(holder)));
    if (revoked.includes(true)) throw new ChatError('unauthorized');
  };
  await assertNotRevoked();
  // From now on the socket lives and ends with the session of its new token. One that was ended is not extended.
  const { tokenEndsAt, sessionId, tokenVersion } = caller;
  const now = ports.clock.now();
  if (!(await extendConnection(ports, connection, { tokenEndsAt, sessionId, tokenVersion }, now)))
    throw new ChatError('unauthorized');
  if (!isMoving) return;
  // The end of the other session looked for sockets of its own: if it came just before, it did not find this one.
  await assertNotRevoked().catch(async (error: unknown) => {
    await endConnection(ports, connection, 'signed_out', now);
    throw error;
  });
};
