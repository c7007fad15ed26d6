/** Who hears a room: the connections in its subscribers, judged by their leases rather than by their presence. */
import type { Subscriber } from '../model.ts';
import type { SubscriptionStore } from '../ports/sockets.ts';

/** Up to so many connections a room has one shard, and whoever writes over a socket publishes by itself. */
export const smallRoomConnections = 100;

/** A larger room gets more shards once they hold more than this on average. */
const connectionsPerShard = 500;

/** How many connections a room with so many shards has at most. */
export function shardCapacity(shards: number): number {
  return shards === 1 ? smallRoomConnections : connectionsPerShard * shards;
}

/** Over how many shards an subscribers of that size should be spread; never fewer than now. */
export function shardsFor(connections: number, shards: number): number {
  return connections > shardCapacity(shards) ? shards * 4 : shards;
}

/**
 * Whether a room hears who comes and goes. In one of some thousands nobody reads it, and it would cost the square of
 * their number: ten thousand who come back together, a hundred million frames.
 */
export function tellsPresence(shards: number): boolean {
  return shards <= 4;
}

/** Every subscriber of a topic, those whose lease has ended included; with `from`, of the shards from there on. */
export async function readSubscribers(
  { subscriptions }: { subscriptions: Pick<SubscriptionStore, 'shard'> },
  topic: string,
  shards: number,
  from = 0,
): Promise<Subscriber[]> {
  const wanted = Array.from({ length: Math.max(0, shards - from) }, (_, at) => from + at);
  const all = await Promise.all(wanted.map((shard) => subscriptions.shard(topic, shard)));
  return all.length === 1 ? (all[0] as Subscriber[]) : all.flat();
}

export function isAlive(
  { leaseEndsAt, tokenEndsAt }: Pick<Subscriber, 'leaseEndsAt' | 'tokenEndsAt'>,
  now: number,
): boolean {
  return leaseEndsAt > now && tokenEndsAt > now;
}

/** Users with a living connection, each once, in the order in which they came. */
export function usersPresent(subscribers: Subscriber[], now: number): { id: string; username: string }[] {
  const users = new Map<string, { id: string; username: string }>();
  for (const subscriber of subscribers
    .filter((one) => isAlive(one, now))
    .sort((a, b) => a.joinedAt - b.joinedAt)) {
    if (!users.has(subscriber.userId))
      users.set(subscriber.userId, { id: subscriber.userId, username: subscriber.username });
  }
  return [...users.values()];
}

/** Whether the user has a living connection here besides this one, and, if asked, one that came before it. */
export function hasOther(
  subscribers: Subscriber[],
  { connectionId, userId }: Pick<Subscriber, 'connectionId' | 'userId'>,
  now: number,
  cameBefore?: Pick<Subscriber, 'joinedAt'>,
): boolean {
  return subscribers.some(
    (other) =>
      other.userId === userId &&
      other.connectionId !== connectionId &&
      isAlive(other, now) &&
      (cameBefore === undefined ||
        other.joinedAt < cameBefore.joinedAt ||
        (other.joinedAt === cameBefore.joinedAt && other.connectionId < connectionId)),
  );
}
