/** Connections, as items that end by themselves. */
import type { Connection, OpenRoom } from '../domain/model.ts';
import type { ConnectionStore } from '../domain/ports/sockets.ts';
import type { AccessPatterns } from './access-patterns.ts';
import { keys } from './keys.ts';
import { expiry, type Item } from './item.ts';
import { toTokenVersion } from './revocation-store.ts';

export function connectionStore(ask: AccessPatterns): ConnectionStore {
  return {
    async open(connection) {
      await ask.openConnection(connectionItem(connection));
    },
    async get(connectionId) {
      const item = await ask.connection(connectionId);
      return item && toConnection(item);
    },
    async getMany(connectionIds) {
      return (await ask.connections(connectionIds)).map(toConnection);
    },
    async there(connectionIds) {
      const items = await ask.connectionsThere(connectionIds);
      return new Set(items.map((item) => item['connection_id'] as string));
    },
    async remove(connectionId) {
      const { item } = await ask.removeConnection(connectionId);
      return item?.['connection_id'] === undefined ? undefined : toConnection(item);
    },
    async countMessage({ connectionId, window }, now, windowMs) {
      const isSameWindow = now < window.startedAt + windowMs;
      await ask.changeConnection(
        connectionId,
        isSameWindow ? { add: { window_count: 1 } } : { set: { window_started_at: now, window_count: 1 } },
      );
    },
    async countWork({ connectionId, work }, cost, now, windowMs) {
      if (now >= work.startedAt + windowMs) {
        const started = await ask.startWork(connectionId, work.startedAt, now, cost);
        if (started.ok) return cost;
        // Another command began the window: this one is counted in it.
      }
      const { item } = await ask.changeConnection(connectionId, { add: { work_count: cost } });
      return (item?.['work_count'] as number | undefined) ?? cost;
    },
    async addRoom(connectionId, roomId, room) {
      return (await ask.changeConnection(connectionId, { set: { [`rooms.${roomId}`]: room } })).ok;
    },
    async removeRoom(connectionId, roomId) {
      await ask.changeConnection(connectionId, { remove: [`rooms.${roomId}`] });
    },
    async markRemoved(connectionId, roomId) {
      await ask.markRemoved(connectionId, roomId);
    },
    async renameOpenRoom(connectionId, roomId, name) {
      await ask.renameOpenRoom(connectionId, roomId, name);
    },
    async extend(connectionId, { leaseEndsAt, tokenEndsAt, sessionId, tokenVersion }) {
      await ask.changeConnection(connectionId, {
        set: {
          lease_ends_at: leaseEndsAt,
          token_ends_at: tokenEndsAt,
          session_id: sessionId,
          token_version: tokenVersion,
          ttl: leaseEndsAt === undefined ? undefined : expiry(leaseEndsAt),
        },
      });
    },
  };
}

function connectionItem(connection: Connection): Item {
  return {
    ...keys.connection(connection.connectionId),
    connection_id: connection.connectionId,
    user_id: connection.userId,
    username: connection.username,
    session_id: connection.sessionId,
    token_version: connection.tokenVersion,
    opened_at: connection.openedAt,
    token_ends_at: connection.tokenEndsAt,
    lease_ends_at: connection.leaseEndsAt,
    is_single_room: connection.isSingleRoom,
    rooms: connection.rooms,
    batch: connection.batch,
    after: connection.after,
    history: connection.history,
    head: connection.head,
    window_started_at: connection.window.startedAt,
    window_count: connection.window.count,
    work_started_at: connection.work.startedAt,
    work_count: connection.work.count,
    ttl: expiry(connection.leaseEndsAt),
  };
}

export function toConnection(item: Item): Connection {
  return {
    connectionId: item['connection_id'] as string,
    userId: item['user_id'] as string,
    username: item['username'] as string,
    sessionId: item['session_id'] as string,
    tokenVersion: toTokenVersion(item),
    openedAt: item['opened_at'] as number,
    tokenEndsAt: item['token_ends_at'] as number,
    leaseEndsAt: item['lease_ends_at'] as number,
    isSingleRoom: item['is_single_room'] as boolean,
    rooms: item['rooms'] as Record<string, OpenRoom>,
    batch: item['batch'] as boolean,
    ...(item['after'] === undefined ? {} : { after: item['after'] as number }),
    history: item['history'] as number,
    ...(item['head'] === undefined ? {} : { head: item['head'] as NonNullable<Connection['head']> }),
    window: { startedAt: item['window_started_at'] as number, count: item['window_count'] as number },
    work: { startedAt: item['work_started_at'] as number, count: item['work_count'] as number },
  };
}
