/** Subscriptions: which connections receive the events of a topic, a room or a user. */
import type { EndReason } from '../../domain/model/connections.ts';
import type { Extension, SubscriptionKey, SubscriptionStore } from '../../domain/ports/sockets.ts';
import { accessPattern } from '../access-pattern.ts';
import { boolean, flag, mapCodec, number, oneOf, optional, text } from '../attributes.ts';
import { defineEntity, exists, isNotEnded } from '../entity.ts';
import { expiry, type Item } from '../item.ts';
import { keyOf } from '../keys.ts';
import type { Table } from '../table.ts';

/** Why a connection was ended, on the connection and on the subscription under its user. */
export const ended = optional(oneOf('ended', ['signed_out', 'too_many']));

/** The attributes that readers need. */
const subscriberAttributes = {
  connectionId: text('sk'),
  userId: text('user_id'),
  username: text('username'),
  sessionId: text('session_id'),
  joinedAtMs: number('joined_at'),
  openedAtMs: number('opened_at'),
  leaseEndsAtMs: number('lease_ends_at'),
  tokenEndsAtMs: number('token_ends_at'),
  batch: flag('batch'),
  isSingleRoom: flag('is_single_room'),
  inbox: optional(boolean('inbox')),
  ended,
};

export const subscription = defineEntity({
  name: 'subscription',
  description: 'a connection that receives the events of a topic: of a room, or of its user',
  pk: 'LIVE#{topic}#{shard}',
  sk: '{connectionId}',
  attributes: {
    ...subscriberAttributes,
    /** When the gateway received the `join`; absent for the room that a socket was opened with. */
    joinReceivedAtMs: optional(number('join_received_at')),
    tokenVersion: optional(number('token_version')),
  },
  endsBy: 'with its lease',
});

const subscriber = mapCodec(subscriberAttributes);

/** The attributes of a longer lease or another token, on connections and on their subscriptions. */
export const encodeExtension = ({
  leaseEndsAtMs,
  tokenEndsAtMs,
  sessionId,
  tokenVersion,
}: Extension): Item => ({
  ...subscription.encode({ leaseEndsAtMs, tokenEndsAtMs, sessionId, tokenVersion }),
  ...(leaseEndsAtMs === undefined ? {} : { ttl: expiry(leaseEndsAtMs) }),
});

/** The attributes of an end after which no extension applies. */
export const encodeEnd = (reason: EndReason, at: number): Item =>
  subscription.encode({ ended: reason, tokenEndsAtMs: at });

const isJoinedUntil = (timeMs: number) => ({
  if: 'attribute_not_exists(join_received_at) OR join_received_at < :until',
  values: { ':until': timeMs + 1 },
});

const placeKey = ({ topic, shard, connectionId }: SubscriptionKey) =>
  subscription.key({ topic, shard, connectionId });

/** The access pattern that only the purge of a room needs. */
export const subscriptionItems = (table: Table) => ({
  removeShard: accessPattern(
    ['Query', 'BatchWriteItem'],
    'Deletes all subscriptions of one shard of a topic; may do a part of it and fail.',
    async (topic: string, shard: number): Promise<void> => {
      const items = await table.all({ partition: subscription.partition({ topic, shard }) });
      await table.removeMany(items.map(keyOf));
    },
  ),
});

export const subscriptionStore = (table: Table): SubscriptionStore => ({
  add: accessPattern('PutItem', 'Stores a subscription, or replaces it.', async (topic, value) => {
    await table.put({
      ...subscription.key({ topic, shard: value.shard, connectionId: value.connectionId }),
      ...subscription.encode(value),
      ttl: expiry(value.leaseEndsAtMs),
    });
  }),
  remove: accessPattern(
    'DeleteItem',
    'Deletes a subscription, but not one whose `join` was received after a given time.',
    async (place, joinedUntilMs) => {
      const condition = joinedUntilMs === undefined ? undefined : isJoinedUntil(joinedUntilMs);
      return (await table.remove(placeKey(place), condition)).ok;
    },
  ),
  removeMany: accessPattern(
    'BatchWriteItem',
    'Deletes several subscriptions; may do a part of it and fail.',
    async (places) => {
      await table.removeMany(places.map(placeKey));
    },
  ),
  extend: accessPattern(
    'UpdateItem',
    'Changes the lease or the token of a subscription that has not ended.',
    async (topic, shard, connectionId, changes) => {
      const key = subscription.key({ topic, shard, connectionId });
      await table.update(key, { set: encodeExtension(changes) }, isNotEnded);
    },
  ),
  openInbox: accessPattern(
    'UpdateItem',
    'Marks a subscription whose connection receives the activity of rooms.',
    async (userId, connectionId) => {
      const key = subscription.key({ topic: userId, shard: 0, connectionId });
      await table.update(key, { set: subscription.encode({ inbox: true }) }, exists);
    },
  ),
  end: accessPattern('UpdateItem', 'Ends a subscription that exists.', async (place, reason, at) => {
    await table.update(placeKey(place), { set: encodeEnd(reason, at) }, exists);
  }),
  shard: accessPattern('Query', 'Reads all subscriptions of one shard of a topic.', async (topic, shard) => {
    const items = await table.all({ partition: subscription.partition({ topic, shard }) });
    return items.map((item) => ({ ...subscriber.parse(item), shard }));
  }),
});
