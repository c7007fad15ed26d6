/** Connections and subscriptions in memory, and a connection gateway with scripted outcomes. */
import type { Connection, Subscriber } from '../../../shared/domain/model.ts';
import type { RevocationStore } from '../../../shared/domain/ports/accounts.ts';
import type { RoomStore } from '../../../shared/domain/ports/rooms.ts';
import type {
  AdmissionStore,
  SubscriptionStore,
  ConnectionStore,
  Extension,
} from '../../../shared/domain/ports/sockets.ts';
import type { PostOutcome, ConnectionGateway } from '../../../shared/realtime/connection-gateway.ts';

export function fakeConnections(...open: Connection[]): ConnectionStore & { all: Map<string, Connection> } {
  const all = new Map(open.map((connection) => [connection.connectionId, structuredClone(connection)]));
  return {
    all,
    async open(connection) {
      if (!all.has(connection.connectionId)) all.set(connection.connectionId, structuredClone(connection));
    },
    get: async (connectionId) => structuredClone(all.get(connectionId)),
    getMany: async (connectionIds) =>
      structuredClone(connectionIds.map((id) => all.get(id)).filter((found) => found !== undefined)),
    filterExisting: async (connectionIds) => new Set(connectionIds.filter((id) => all.has(id))),
    async remove(connectionId) {
      const removed = all.get(connectionId);
      all.delete(connectionId);
      return removed;
    },
    async addRoom(connectionId, roomId, room) {
      const connection = all.get(connectionId);
      if (connection === undefined || connection.ended !== undefined) return false;
      if ((connection.leaveReceivedAt?.[roomId] ?? 0) >= (room.joinReceivedAt ?? Number.POSITIVE_INFINITY))
        return false;
      connection.rooms[roomId] = structuredClone(room);
      return true;
    },
    async rejoinRoom(connectionId, roomId, joinReceivedAt) {
      const room = all.get(connectionId)?.rooms[roomId];
      if (room !== undefined) room.joinReceivedAt = joinReceivedAt;
      return room !== undefined;
    },
    async leaveRoom({ connectionId }, roomId, receivedAt) {
      const connection = all.get(connectionId);
      const room = connection?.rooms[roomId];
      if (connection !== undefined)
        connection.leaveReceivedAt = { ...connection.leaveReceivedAt, [roomId]: receivedAt };
      if (room === undefined || (room.joinReceivedAt ?? 0) > receivedAt) return undefined;
      delete connection?.rooms[roomId];
      return structuredClone(room);
    },
    async removeRoom(connectionId, roomId) {
      delete all.get(connectionId)?.rooms[roomId];
    },
    async updateRoom(connectionId, roomId, changes) {
      const room = all.get(connectionId)?.rooms[roomId];
      if (room !== undefined) Object.assign(room, changes);
    },
    async extend(connectionId, changes, now) {
      const connection = all.get(connectionId);
      if (connection === undefined || connection.ended !== undefined) return false;
      if (connection.leaseEndsAt <= now || connection.tokenEndsAt <= now) return false;
      Object.assign(connection, extensionOf(changes));
      return true;
    },
    async end(connectionId, reason, at) {
      const connection = all.get(connectionId);
      if (connection !== undefined) Object.assign(connection, { ended: reason, tokenEndsAt: at });
    },
  };
}

export function fakeAdmissions({
  rooms,
  connections,
  revocations,
}: {
  rooms: RoomStore;
  connections: ConnectionStore;
  revocations: RevocationStore;
}): AdmissionStore {
  return {
    get: async ({ connectionId, ...holder }, roomId) => ({
      access: roomId === undefined ? undefined : await rooms.getWithMember(roomId, holder.userId),
      connection: connectionId === undefined ? undefined : await connections.get(connectionId),
      isRevoked: await revocations.isRevoked(holder),
    }),
  };
}

export interface FakeSubscriptions extends SubscriptionStore {
  of(topic: string): Subscriber[];
}

export function fakeSubscriptions(): FakeSubscriptions {
  const all = new Map<string, Subscriber>();
  const keyOf = (topic: string, shard: number, id: string): string => `${topic} ${shard} ${id}`;
  return {
    of: (topic) =>
      [...all].filter(([key]) => key.startsWith(`${topic} `)).map(([, subscriber]) => subscriber),
    async add(topic, subscriber) {
      all.set(keyOf(topic, subscriber.shard, subscriber.connectionId), structuredClone(subscriber));
    },
    async remove(topic, shard, connectionId) {
      all.delete(keyOf(topic, shard, connectionId));
    },
    async removeJoined({ topic, shard, connectionId }, receivedUntil) {
      const subscriber = all.get(keyOf(topic, shard, connectionId));
      if ((subscriber?.joinReceivedAt ?? 0) > receivedUntil) return false;
      return all.delete(keyOf(topic, shard, connectionId)) || true;
    },
    async removeMany(places) {
      for (const { topic, shard, connectionId } of places) await this.remove(topic, shard, connectionId);
    },
    async extend(topic, shard, connectionId, changes) {
      const subscriber = all.get(keyOf(topic, shard, connectionId));
      if (subscriber === undefined || subscriber.ended !== undefined) return;
      // Subscriptions do not store the token version of a session.
      const { tokenVersion: _, ...kept } = extensionOf(changes);
      Object.assign(subscriber, kept);
    },
    async end({ topic, shard, connectionId }, reason, at) {
      const subscriber = all.get(keyOf(topic, shard, connectionId));
      if (subscriber !== undefined) Object.assign(subscriber, { ended: reason, tokenEndsAt: at });
    },
    shard: async (topic, shard) =>
      structuredClone(
        [...all].filter(([key]) => key.startsWith(`${topic} ${shard} `)).map(([, subscriber]) => subscriber),
      ),
  };
}

/** Picks the fields of an extension and no others, like the real stores. */
function extensionOf({ leaseEndsAt, tokenEndsAt, sessionId, tokenVersion }: Extension): Extension {
  return {
    ...(leaseEndsAt === undefined ? {} : { leaseEndsAt }),
    ...(tokenEndsAt === undefined ? {} : { tokenEndsAt }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(tokenVersion === undefined ? {} : { tokenVersion }),
  };
}

export interface FakeConnectionGateway extends ConnectionGateway {
  /** Returns the parsed frames that were posted to a connection, in their order, whatever the outcome. */
  framesTo(connectionId: string): any[];
  /** The posts and closes in their order, as in `post c1 ready`, `close c1`. */
  done: string[];
}

/** Every post succeeds, unless the script of its connection returns another outcome. */
export function fakeConnectionGateway(
  script: Record<string, (frame: string) => PostOutcome | Promise<PostOutcome>> = {},
): FakeConnectionGateway {
  const frames: { connectionId: string; frame: any }[] = [];
  const done: string[] = [];
  return {
    done,
    framesTo: (id) => frames.filter(({ connectionId }) => connectionId === id).map(({ frame }) => frame),
    async post(connectionId, frame) {
      const parsed: any = JSON.parse(frame);
      frames.push({ connectionId, frame: parsed });
      const types = Array.isArray(parsed) ? parsed.map(({ type }) => type).join('+') : parsed.type;
      done.push(`post ${connectionId} ${types}`);
      return (await script[connectionId]?.(frame)) ?? 'sent';
    },
    async close(connectionId) {
      done.push(`close ${connectionId}`);
    },
  };
}
