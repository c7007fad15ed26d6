/** A connection as it is registered under its user, or in a room. */
import type { Connection, Subscriber } from '../model.ts';

export function subscriberOf(connection: Connection, shard: number, joinedAt: number): Subscriber {
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
