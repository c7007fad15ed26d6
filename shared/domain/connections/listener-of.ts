/** A connection as it is registered under its user, or in a room. */
import type { Connection, Listener } from '../model.ts';

export function listenerOf(connection: Connection, shard: number, joinedAt: number): Listener {
  const { connectionId, userId, username, sessionId, openedAt, leaseEndsAt, tokenEndsAt } = connection;
  const { batch, isSingleRoom } = connection;
  return {
    connectionId,
    userId,
    username,
    sessionId,
    shard,
    joinedAt,
    openedAt,
    leaseEndsAt,
    tokenEndsAt,
    batch,
    isSingleRoom,
  };
}
