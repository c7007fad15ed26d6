/** Audiences, as items that end by themselves: one for each connection in a room, and one under its user. */
import type { EndReason, Listener } from '../domain/model.ts';
import type { AudienceStore } from '../domain/ports/sockets.ts';
import type { AccessPatterns } from './access-patterns.ts';
import { extensionAttributes } from './connection-store.ts';
import { keys } from './keys.ts';
import { expiry, type Item } from './item.ts';

export function audienceStore(ask: AccessPatterns): AudienceStore {
  return {
    async add(topic, listener) {
      await ask.addListener(listenerItem(topic, listener));
    },
    async remove(topic, shard, connectionId) {
      await ask.removeListener(topic, shard, connectionId);
    },
    async removeJoined(place, receivedUntil) {
      return (await ask.removeJoinedListener(place, receivedUntil)).ok;
    },
    async removeAll(places) {
      await ask.removeListeners(places);
    },
    async extend(topic, shard, connectionId, changes) {
      await ask.extendListener(topic, shard, connectionId, extensionAttributes(changes));
    },
    async end(place, reason, at) {
      await ask.endListener(place, reason, at);
    },
    async shard(topic, shard) {
      return (await ask.audience(topic, shard)).map((item) => toListener(item, shard));
    },
  };
}

function listenerItem(topic: string, listener: Listener): Item {
  return {
    ...keys.listener(topic, listener.shard, listener.connectionId),
    user_id: listener.userId,
    username: listener.username,
    session_id: listener.sessionId,
    joined_at: listener.joinedAt,
    join_received_at: listener.joinReceivedAt,
    opened_at: listener.openedAt,
    lease_ends_at: listener.leaseEndsAt,
    token_ends_at: listener.tokenEndsAt,
    ...(listener.batch ? { batch: true } : {}),
    ...(listener.isSingleRoom ? { is_single_room: true } : {}),
    ttl: expiry(listener.leaseEndsAt),
  };
}

function toListener(item: Item, shard: number): Listener {
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
