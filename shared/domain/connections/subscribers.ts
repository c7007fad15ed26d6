/** The subscribers of a topic: how they are spread over shards, how they are read, and which of them are alive. */
import type { Connection, Subscriber } from '../model/connections.ts';
import type { Head } from '../model/rooms.ts';
import type { SubscriptionStore } from '../ports/sockets.ts';
import { smallRoomConnections } from '../thresholds.ts';
import { waitForAll } from '../wait-for-all.ts';

/** A larger room gets more shards once they hold more than this on average. */
const connectionsPerShard = 500;

/** Returns how many connections a room with this many shards has at most. */
export function shardCapacity(shards: number): number {
  return shards === 1 ? smallRoomConnections : connectionsPerShard * shards;
}

/** Returns the number of shards for this many connections; never fewer than the room has. */
export function shardsFor(connections: number, shards: number): number {
  return connections > shardCapacity(shards) ? shards * 4 : shards;
}

/** Whether entries of the room are published by the table stream, in slices, and not by their writers. */
export function isLargeRoom({ shards }: Pick<Head, 'shards'>): boolean {
  return shards > 1;
}

/** Reads every subscriber of a topic, including those whose lease has ended, from the shard `from` on. */
export async function readSubscribers(
  { subscriptions }: { subscriptions: Pick<SubscriptionStore, 'shard'> },
  topic: string,
  shards: number,
  from = 0,
): Promise<Subscriber[]> {
  const numbers = Array.from({ length: Math.max(0, shards - from) }, (_, index) => from + index);
  const all = await waitForAll(numbers.map((shard) => subscriptions.shard(topic, shard)));
  return all.length === 1 ? (all[0] as Subscriber[]) : all.flat();
}

/** Reads every connection of a user: each is registered under its user's id too, in one shard. */
export function readUserConnections(
  ports: { subscriptions: Pick<SubscriptionStore, 'shard'> },
  userId: string,
): Promise<Subscriber[]> {
  return readSubscribers(ports, userId, 1);
}

/** Whether neither the lease nor the access token has ended. */
export function isAlive(
  { leaseEndsAtMs, tokenEndsAtMs }: Pick<Subscriber, 'leaseEndsAtMs' | 'tokenEndsAtMs'>,
  now: number,
): boolean {
  return leaseEndsAtMs > now && tokenEndsAtMs > now;
}

/** Returns a connection as it is registered under its user or in a room. */
export function subscriberOf(connection: Connection, shard: number, joinedAtMs: number): Subscriber {
  const { connectionId, userId, username, sessionId, openedAtMs, leaseEndsAtMs, tokenEndsAtMs } = connection;
  const { batch, isSingleRoom, inbox } = connection;
  return {
    connectionId,
    userId,
    username,
    sessionId,
    shard,
    joinedAtMs,
    openedAtMs,
    leaseEndsAtMs,
    tokenEndsAtMs,
    batch,
    isSingleRoom,
    ...(inbox === true ? { inbox } : {}),
  };
}
