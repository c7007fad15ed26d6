/** `auth`: a new access token of the same user, before the old one ends. */
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { extendConnection } from '../../../shared/domain/connections/extend-connection.ts';
import type { CommandHandler } from '../run-command.ts';

export const auth: CommandHandler<'auth'> = async (ports, connection, { token }) => {
  const verifier = await ports.tokens();
  const caller = await verifier.verifyAccess(token, ports.clock.now());
  if (caller.userId !== connection.userId) throw new ChatError('unauthorized');
  await extendConnection(ports, connection, { tokenEndsAt: caller.tokenEndsAt });
};
