/** What the memory table of a test holds, by entity, as the domain's types. */
import type { Session } from '../../../shared/domain/model/accounts.ts';
import type { Connection, Subscriber } from '../../../shared/domain/model/connections.ts';
import type { LogEntry } from '../../../shared/domain/model/log.ts';
import type { Head, Member, Room } from '../../../shared/domain/model/rooms.ts';
import { connection, connectionItem, parseConnection } from '../../../shared/storage/entities/connection.ts';
import { erasureStep } from '../../../shared/storage/entities/erasure-step.ts';
import { formerMember } from '../../../shared/storage/entities/former-member.ts';
import { head, parseHead } from '../../../shared/storage/entities/head.ts';
import { logEntry } from '../../../shared/storage/entities/log-entry.ts';
import { parseEntry } from '../../../shared/storage/log-entry-codec.ts';
import { member, memberItem, parseLeavingMember } from '../../../shared/storage/entities/member.ts';
import { sessionRevocation } from '../../../shared/storage/entities/revocation.ts';
import { roomName } from '../../../shared/storage/entities/room-name.ts';
import { room, roomItem } from '../../../shared/storage/entities/room.ts';
import { sendKey } from '../../../shared/storage/entities/send-key.ts';
import { session } from '../../../shared/storage/entities/session.ts';
import { subscription } from '../../../shared/storage/entities/subscription.ts';
import type { Item } from '../../../shared/storage/item.ts';
import { keyOf } from '../../../shared/storage/keys.ts';
import { mapView, writableMapView, type MapView, type WritableMapView } from '../memory-table/map-view.ts';
import type { MemoryTable } from '../memory-table/memory-table.ts';

/** The key of members, former members and own seqs in the views. */
export const memberId = (roomId: string, userId: string): string => `${roomId} ${userId}`;

/** The rooms, members and logs that are stored. */
export interface StoredChat {
  /** By room id; deleted rooms included. */
  rooms: WritableMapView<Room & { deletedAtMs?: number }>;
  /** The ids of rooms by their current names, folded. */
  names: MapView<string>;
  /** By room id. */
  heads: MapView<Head>;
  /** By {@link memberId}; members whose removal has begun included. */
  members: WritableMapView<Member>;
  /** The seq up to which a former member was renamed, by {@link memberId}. */
  formerMembers: MapView<number>;
  /** By client id. */
  sendKeys: WritableMapView<{ key: Item; seq: number; contentHash: string }>;
  /** The entries of one room, or of all rooms, by seq. */
  entries(roomId?: string): LogEntry[];
}

export function storedChat(table: MemoryTable): StoredChat {
  return {
    rooms: writableMapView(table, {
      idOf: (key) => room.partsOf(key)?.roomId,
      parse(item) {
        const { membersSeq: _, ...facts } = room.parse(item);
        return facts;
      },
      encode: (value) => ({ ...roomItem(value), ...room.encode(value) }),
    }),
    names: mapView(table, {
      idOf(key, item) {
        const parts = roomName.partsOf(key);
        if (parts === undefined) return undefined;
        const { isLookalike, freedAtMs } = roomName.parse(item);
        return isLookalike || freedAtMs !== undefined ? undefined : parts.foldedName;
      },
      parse: (item) => roomName.parse(item).roomId,
    }),
    heads: mapView(table, { idOf: (key) => head.partsOf(key)?.roomId, parse: parseHead }),
    members: writableMapView(table, {
      idOf(key) {
        const parts = member.partsOf(key);
        return parts && memberId(parts.roomId, parts.userId);
      },
      parse: parseLeavingMember,
      encode: ({ lastRead, ...value }) => ({
        ...memberItem(value),
        ...(lastRead &&
          member.encode({
            lastReadSeq: lastRead.seq,
            lastReadCount: lastRead.messageSeqs,
            lastReadAtMs: lastRead.at,
          })),
      }),
    }),
    formerMembers: mapView(table, {
      idOf(key) {
        const parts = formerMember.partsOf(key);
        return parts && memberId(parts.roomId, parts.userId);
      },
      parse: (item) => formerMember.parse(item).renamedTo ?? 0,
    }),
    sendKeys: writableMapView(table, {
      idOf: (key) => sendKey.partsOf(key)?.clientId,
      parse: (item) => ({ key: { ...keyOf(item) }, ...sendKey.parse(item) }),
      encode: ({ key, ...value }) => ({ ...key, ...sendKey.encode(value) }),
    }),
    entries: (roomId) =>
      table
        .all()
        .filter((item) => {
          const parts = logEntry.partsOf(keyOf(item));
          return parts !== undefined && (roomId === undefined || parts.roomId === roomId);
        })
        .map(parseEntry)
        .sort((a, b) => a.seq - b.seq),
  };
}

/** The connections that are stored, by id. */
export const storedConnections = (table: MemoryTable): WritableMapView<Connection> =>
  writableMapView(table, {
    idOf: (key) => connection.partsOf(key)?.connectionId,
    parse: parseConnection,
    encode: connectionItem,
  });

/** The subscriptions of a topic, over all its shards. */
export const storedSubscriptions = (table: MemoryTable, topic: string): Subscriber[] =>
  table.all().flatMap((item) => {
    const parts = subscription.partsOf(keyOf(item));
    if (parts?.topic !== topic) return [];
    const { tokenVersion: _, ...subscriber } = subscription.parse(item);
    return [{ ...subscriber, shard: Number(parts.shard) }];
  });

/** The sessions that are stored, by id. */
export const storedSessions = (table: MemoryTable): WritableMapView<Session> =>
  writableMapView(table, {
    idOf: (key) => session.partsOf(key)?.sessionId,
    parse: (item) => session.parse(item),
    encode: (value) => ({ ...session.key(value), ...session.encode(value) }),
  });

/** When the revocations of sessions expire, by session id. */
export const storedRevocations = (table: MemoryTable): MapView<number> =>
  mapView(table, {
    idOf: (key) => sessionRevocation.partsOf(key)?.sessionId,
    parse: (item) => Number(item['ttl']) * 1_000,
  });

export const storedErasureSteps = (table: MemoryTable): { userId: string; step: number }[] =>
  table
    .all()
    .filter((item) => erasureStep.partsOf(keyOf(item)) !== undefined)
    .map((item) => erasureStep.parse(item))
    .map(({ userId, step }) => ({ userId, step }));
