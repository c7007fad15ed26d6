/** Connections: WebSockets as the server knows them, with the rooms that each has open. */
import type { Connection, EndReason, OpenRoom } from '../../domain/model/connections.ts';
import type { AdmissionStore, Extension } from '../../domain/ports/sockets.ts';
import {
  boolean,
  map,
  mapCodec,
  mapOf,
  number,
  numberCodec,
  optional,
  text,
  withDefault,
} from '../attributes.ts';
import { accessPattern } from '../access-pattern.ts';
import { defineEntity, exists, isNew, isNotEnded } from '../entity.ts';
import { expiry, type Item } from '../item.ts';
import { findItem } from '../keys.ts';
import type { Table } from '../table.ts';
import { parseRoomWithMember, roomWithMemberKeys } from './room-with-member.ts';
import { isRevokedIn, revocationKeys } from './revocation.ts';
import { encodeEnd, encodeExtension, ended } from './subscription.ts';

/** A room in the map of a connection. Its stored names are those that the domain had first. */
const openRoom = mapCodec({
  name: text('name'),
  shard: number('shard'),
  joinReceivedAtMs: optional(number('joinReceivedAt')),
  isRemoved: optional(boolean('isRemoved')),
  verifiedSeq: optional(number('verifiedSeq')),
});

export const connection = defineEntity({
  name: 'connection',
  description: 'one WebSocket of one user, with the rooms that it has open',
  pk: 'CONN#{connectionId}',
  sk: 'CONN',
  attributes: {
    connectionId: text('connection_id'),
    userId: text('user_id'),
    username: text('username'),
    sessionId: text('session_id'),
    tokenVersion: withDefault(number('token_version'), 0),
    openedAtMs: number('opened_at'),
    tokenEndsAtMs: number('token_ends_at'),
    leaseEndsAtMs: number('lease_ends_at'),
    ended,
    isSingleRoom: boolean('is_single_room'),
    rooms: mapOf('rooms', openRoom),
    /** When the gateway received the latest `leave` of each room. */
    leaveReceivedAtMs: optional(mapOf('left_rooms', numberCodec)),
    batch: boolean('batch'),
    inbox: optional(boolean('inbox')),
    after: optional(number('after')),
    history: number('history'),
    head: optional(map('head', { seq: number('seq'), shards: number('shards') })),
    joinsRoom: optional(boolean('joins_room')),
  },
  endsBy: 'with its lease',
});

export function parseConnection(item: Item): Connection {
  const { leaveReceivedAtMs = {}, ...parsed } = connection.parse(item);
  return Object.keys(leaveReceivedAtMs).length === 0 ? parsed : { ...parsed, leaveReceivedAtMs };
}

export const connectionItem = (value: Connection): Item => ({
  ...connection.key(value),
  // A socket that is bound to one room leaves none.
  ...connection.encode({
    ...value,
    leaveReceivedAtMs: value.isSingleRoom ? undefined : (value.leaveReceivedAtMs ?? {}),
  }),
  ttl: expiry(value.leaseEndsAtMs),
});

/** The room is open on the connection. */
const hasOpen = (roomId: string) => ({ if: 'attribute_exists(rooms.#room)', names: { '#room': roomId } });

export const connectionItems = (table: Table) => ({
  open: accessPattern('PutItem', 'Stores a new connection.', async (value: Connection): Promise<void> => {
    await table.put(connectionItem(value), isNew);
  }),
  get: accessPattern(
    'GetItem',
    'Reads a connection.',
    async (connectionId: string): Promise<Connection | undefined> => {
      const item = await table.get(connection.key({ connectionId }));
      return item && parseConnection(item);
    },
  ),
  getMany: accessPattern(
    'BatchGetItem',
    'Reads several connections.',
    async (connectionIds: string[]): Promise<Connection[]> => {
      const items = await table.getMany(
        connectionIds.map((connectionId) => connection.key({ connectionId })),
      );
      return items.map(parseConnection);
    },
  ),
  filterExisting: accessPattern(
    'BatchGetItem',
    'Reads which of several connections exist.',
    async (connectionIds: string[]): Promise<Set<string>> => {
      const { name, parse } = connection.attributes.connectionId;
      const keys = connectionIds.map((connectionId) => connection.key({ connectionId }));
      const items = await table.getMany(keys, { only: name });
      return new Set(items.map((item) => parse(item[name], name)));
    },
  ),
  remove: accessPattern(
    'DeleteItem',
    'Deletes a connection, and returns it as it was.',
    async (connectionId: string): Promise<Connection | undefined> => {
      const { item } = await table.remove(connection.key({ connectionId }));
      return item?.['connection_id'] === undefined ? undefined : parseConnection(item);
    },
  ),
  addRoom: accessPattern(
    'UpdateItem',
    'Opens a room, unless the connection ended or left the room after that `join` was received.',
    async (connectionId: string, roomId: string, room: OpenRoom): Promise<boolean> => {
      const isNotLeft = {
        if: `${isNotEnded.if} AND (attribute_not_exists(left_rooms.#room) OR left_rooms.#room < :received)`,
        names: { '#room': roomId },
        values: { ':received': room.joinReceivedAtMs },
      };
      const outcome = await table.update(
        connection.key({ connectionId }),
        { set: { [`rooms.${roomId}`]: openRoom.encode(room) } },
        room.joinReceivedAtMs === undefined ? isNotEnded : isNotLeft,
      );
      return outcome.ok;
    },
  ),
  removeRoom: accessPattern(
    'UpdateItem',
    'Closes a room on a connection that exists.',
    async (connectionId: string, roomId: string): Promise<void> => {
      await table.update(connection.key({ connectionId }), { remove: [`rooms.${roomId}`] }, exists);
    },
  ),
  rejoinRoom: accessPattern(
    'UpdateItem',
    'Records another `join` of an open room, unless the connection ended.',
    async (connectionId: string, roomId: string, joinReceivedAtMs: number): Promise<boolean> => {
      const outcome = await table.update(
        connection.key({ connectionId }),
        { set: { [`rooms.${roomId}.joinReceivedAt`]: joinReceivedAtMs } },
        { if: `${isNotEnded.if} AND attribute_exists(rooms.#room)`, names: { '#room': roomId } },
      );
      return outcome.ok;
    },
  ),
  recordLeave: accessPattern(
    'UpdateItem',
    'Records a `leave`, for a `join` that is still running to find, and forgets older ones.',
    async (
      connectionId: string,
      { roomId, receivedAtMs, forget }: { roomId: string; receivedAtMs: number; forget: string[] },
    ): Promise<void> => {
      await table.update(
        connection.key({ connectionId }),
        { set: { [`left_rooms.${roomId}`]: receivedAtMs }, remove: forget.map((id) => `left_rooms.${id}`) },
        { if: 'attribute_exists(pk) AND attribute_exists(left_rooms)' },
      );
    },
  ),
  closeRoom: accessPattern(
    'UpdateItem',
    'Closes a room whose `join` was received no later than the `leave`.',
    async (connectionId: string, roomId: string, leaveReceivedAtMs: number): Promise<boolean> => {
      const outcome = await table.update(
        connection.key({ connectionId }),
        { remove: [`rooms.${roomId}`] },
        {
          if: 'attribute_exists(rooms.#room) AND (attribute_not_exists(rooms.#room.#received) OR rooms.#room.#received < :until)',
          names: { '#room': roomId, '#received': 'joinReceivedAt' },
          values: { ':until': leaveReceivedAtMs + 1 },
        },
      );
      return outcome.ok;
    },
  ),
  updateRoom: accessPattern(
    'UpdateItem',
    'Changes an open room.',
    async (connectionId: string, roomId: string, changes: Partial<OpenRoom>): Promise<void> => {
      const set = Object.fromEntries(
        Object.entries(openRoom.encode(changes)).map(([name, value]) => [`rooms.${roomId}.${name}`, value]),
      );
      await table.update(connection.key({ connectionId }), { set }, hasOpen(roomId));
    },
  ),
  openInbox: accessPattern(
    'UpdateItem',
    'Marks a connection that receives the activity of rooms, unless it ended.',
    async (connectionId: string): Promise<boolean> => {
      const change = { set: connection.encode({ inbox: true }) };
      return (await table.update(connection.key({ connectionId }), change, isNotEnded)).ok;
    },
  ),
  extend: accessPattern(
    'UpdateItem',
    'Changes the lease or the token, unless the connection, its lease or its token ended.',
    async (connectionId: string, changes: Extension, now: number): Promise<boolean> => {
      const outcome = await table.update(
        connection.key({ connectionId }),
        { set: encodeExtension(changes) },
        {
          if: 'attribute_not_exists(ended) AND lease_ends_at > :now AND token_ends_at > :now',
          values: { ':now': now },
        },
      );
      return outcome.ok;
    },
  ),
  end: accessPattern(
    'UpdateItem',
    'Ends a connection that exists.',
    async (connectionId: string, reason: EndReason, at: number): Promise<void> => {
      await table.update(connection.key({ connectionId }), { set: encodeEnd(reason, at) }, exists);
    },
  ),
});

export const admissionStore = (table: Table): AdmissionStore => ({
  get: accessPattern(
    'BatchGetItem',
    'Reads a connection, the revocations of its session and of its user, and a room with the member, in one request.',
    async ({ connectionId, ...holder }, roomId) => {
      const key = connectionId === undefined ? undefined : connection.key({ connectionId });
      const items = await table.getMany([
        ...(key === undefined ? [] : [key]),
        ...revocationKeys(holder),
        ...(roomId === undefined ? [] : roomWithMemberKeys(roomId, holder.userId)),
      ]);
      const found = key && findItem(items, key);
      return {
        access: roomId === undefined ? undefined : parseRoomWithMember(items, roomId, holder.userId),
        connection: found && parseConnection(found),
        isRevoked: isRevokedIn(items, holder),
      };
    },
  ),
});
