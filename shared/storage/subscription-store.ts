/** Subscriptions, as items that end by themselves: one for each connection in a room, and one under its user. */
import type { EndReason, Subscriber } from '../domain/model.ts';
import type { SubscriptionStore } from '../domain/ports/sockets.ts';
import { accessPatterns } from './access-patterns.ts';
import { extensionAttributes } from './connection-store.ts';
import { keys } from './keys.ts';
import { expiry, type Item } from './item.ts';
import type { Table } from './table.ts';

export function subscriptionStore(table: Table): SubscriptionStore {
  const db = accessPatterns(table);
  return {
    async add(topic, subscriber) {
      await db.addSubscriber(subscriberItem(topic, subscriber));
    },
    async remove(topic, shard, connectionId) {
      await db.removeSubscriber(topic, shard, connectionId);
    },
    async removeJoined(place, receivedUntil) {
      return (await db.removeJoinedSubscriber(place, receivedUntil)).ok;
    },
    async removeAll(places) {
      await db.removeSubscribers(places);
    },
    async extend(topic, shard, connectionId, changes) {
      await db.extendSubscriber(topic, shard, connectionId, extensionAttributes(changes));
    },
    async end(place, reason, at) {
      await db.endSubscriber(place, reason, at);
    },
    async shard(topic, shard) {
      return (await db.subscribers(topic, shard)).map((item) => toSubscriber(item, shard));
    },
  };
}

function subscriberItem(topic: string, subscriber: Subscriber): Item {
  return {
    ...keys.subscriber(topic, subscriber.shard, subscriber.connectionId),
    user_id: subscriber.userId,
    username: subscriber.username,
    session_id: subscriber.sessionId,
    joined_at: subscriber.joinedAt,
    join_received_at: subscriber.joinReceivedAt,
    opened_at: subscriber.openedAt,
    lease_ends_at: subscriber.leaseEndsAt,
    token_ends_at: subscriber.tokenEndsAt,
    ...(subscriber.batch ? { batch: true } : {}),
    ...(subscriber.isSingleRoom ? { is_single_room: true } : {}),
    ttl: expiry(subscriber.leaseEndsAt),
  };
}

function toSubscriber(item: Item, shard: number): Subscriber {
  return {
    connectionId: item['sk'] as string,
    userId: item['user_id'] as string,
    username: item['username'] as string,
    sessionId: item['session_id'] as string,
    shard,
    joinedAt: item['joined_at'] as number,
    openedAt: item['opened_at'] as number,
    leaseEndsAt: item['lease_ends_at'] as number,
    tokenEndsAt: item['token_ends_at'] as number,
    batch: item['batch'] === true,
    isSingleRoom: item['is_single_room'] === true,
    ...(item['ended'] === undefined ? {} : { ended: item['ended'] as EndReason }),
  };
}
