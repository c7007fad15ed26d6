/** Connections, as items that end by themselves. */
import type { Connection, EndReason, OpenRoom } from '../domain/model.ts';
import type { ConnectionStore, Extension } from '../domain/ports/sockets.ts';
import { accessPatterns } from './access-patterns.ts';
import { keys } from './keys.ts';
import { expiry, type Item } from './item.ts';
import { toTokenVersion } from './revocation-store.ts';
import type { Table } from './table.ts';

/** No function lives longer: a join that was received earlier is over. */
const maxJoinMs = 60_000;
/** A client that leaves more rooms than this in that time gets no protection from its own order of frames. */
const maxLeavesNoted = 64;

export function connectionStore(table: Table): ConnectionStore {
  const db = accessPatterns(table);
  return {
    async open(connection) {
      await db.openConnection(connectionItem(connection));
    },
    async get(connectionId) {
      const item = await db.connection(connectionId);
      return item && toConnection(item);
    },
    async getMany(connectionIds) {
      return (await db.connections(connectionIds)).map(toConnection);
    },
    async filterExisting(connectionIds) {
      const items = await db.connectionsThere(connectionIds);
      return new Set(items.map((item) => item['connection_id'] as string));
    },
    async remove(connectionId) {
      const { item } = await db.removeConnection(connectionId);
      return item?.['connection_id'] === undefined ? undefined : toConnection(item);
    },
    async addRoom(connectionId, roomId, room) {
      return (await db.openRoomOn(connectionId, roomId, room)).ok;
    },
    async removeRoom(connectionId, roomId) {
      await db.changeConnection(connectionId, { remove: [`rooms.${roomId}`] });
    },
    async rejoinRoom(connectionId, roomId, joinReceivedAt) {
      return (await db.rejoinRoomOn(connectionId, roomId, joinReceivedAt)).ok;
    },
    async leaveRoom({ connectionId, leaveReceivedAt = {} }, roomId, receivedAt) {
      // First the note, which a join that is still running finds, then the room, which one that has run has opened.
      const past = Object.entries(leaveReceivedAt).filter(([, at]) => at < receivedAt - maxJoinMs);
      if (Object.keys(leaveReceivedAt).length - past.length < maxLeavesNoted) {
        const forget = past.map(([id]) => id).filter((id) => id !== roomId);
        await db.noteLeave(connectionId, { roomId, receivedAt, forget });
      }
      const item = await db.connection(connectionId);
      const room = item && toConnection(item).rooms[roomId];
      if (room === undefined) return undefined;
      return (await db.leaveRoomOn(connectionId, roomId, receivedAt)).ok ? room : undefined;
    },
    async markRemoved(connectionId, roomId) {
      await db.changeOpenRoom(connectionId, roomId, { isRemoved: true });
    },
    async renameOpenRoom(connectionId, roomId, name) {
      await db.changeOpenRoom(connectionId, roomId, { name });
    },
    async setVerifiedSeq(connectionId, roomId, rightsSeq) {
      await db.changeOpenRoom(connectionId, roomId, { verifiedSeq: rightsSeq });
    },
    async extend(connectionId, changes, now) {
      return (await db.extendConnection(connectionId, extensionAttributes(changes), now)).ok;
    },
    async end(connectionId, reason, at) {
      await db.endConnection(connectionId, reason, at);
    },
  };
}

/** As they are stored on the connection and wherever else it is registered. */
export function extensionAttributes(extension: Extension): Item {
  const { leaseEndsAt, tokenEndsAt, sessionId, tokenVersion } = extension;
  return {
    lease_ends_at: leaseEndsAt,
    token_ends_at: tokenEndsAt,
    session_id: sessionId,
    token_version: tokenVersion,
    ttl: leaseEndsAt === undefined ? undefined : expiry(leaseEndsAt),
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
    ...(connection.isSingleRoom ? {} : { left_rooms: connection.leaveReceivedAt ?? {} }),
    batch: connection.batch,
    after: connection.after,
    history: connection.history,
    head: connection.head,
    joins_room: connection.joinsRoom,
    ttl: expiry(connection.leaseEndsAt),
  };
}

/** Only what there is: a connection that has left nothing is as it was opened. */
function leftOf(item: Item): Pick<Connection, 'leaveReceivedAt'> {
  const left = item['left_rooms'] as Record<string, number> | undefined;
  return left === undefined || Object.keys(left).length === 0 ? {} : { leaveReceivedAt: left };
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
    ...(item['ended'] === undefined ? {} : { ended: item['ended'] as EndReason }),
    isSingleRoom: item['is_single_room'] as boolean,
    rooms: item['rooms'] as Record<string, OpenRoom>,
    ...leftOf(item),
    batch: item['batch'] as boolean,
    ...(item['after'] === undefined ? {} : { after: item['after'] as number }),
    history: item['history'] as number,
    ...(item['head'] === undefined ? {} : { head: item['head'] as NonNullable<Connection['head']> }),
    ...(item['joins_room'] === true ? { joinsRoom: true } : {}),
  };
}
