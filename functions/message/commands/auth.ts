/** `auth`: a new access token of the same user, before the old one ends. */
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { extendConnection } from '../../../shared/domain/connections/extend-connection.ts';
import type { CommandHandler } from '../command.ts';

export const auth: CommandHandler<'auth'> = async (ports, connection, { token }) => {
  const verifier = await ports.tokens();
  const caller = await verifier.verifyAccess(token, ports.clock.now());
  if (caller.userId !== connection.userId) throw new ChatError('unauthorized');
  // Signing out ended what this socket may hear, though the session's access token goes on for minutes.
  const holders = caller.sessionId === connection.sessionId ? [caller] : [caller, connection];
  const revoked = await Promise.all(holders.map((holder) => ports.revocations.isRevoked(holder)));
  if (revoked.includes(true)) throw new ChatError('unauthorized');
  // From now on the socket lives and ends with the session of its new token.
  const { tokenEndsAt, sessionId, tokenVersion } = caller;
  await extendConnection(ports, connection, { tokenEndsAt, sessionId, tokenVersion });
};
