/** Connections and audiences in memory, and a poster that plays a script. */
import type { Connection, Listener } from '../../../shared/domain/model.ts';
import type { RevocationStore } from '../../../shared/domain/ports/accounts.ts';
import type { RoomStore } from '../../../shared/domain/ports/rooms.ts';
import type { AdmissionStore, AudienceStore, ConnectionStore } from '../../../shared/domain/ports/sockets.ts';
import type { PostOutcome, Poster } from '../../../shared/realtime/connections-client.ts';

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
    there: async (connectionIds) => new Set(connectionIds.filter((id) => all.has(id))),
    async remove(connectionId) {
      const removed = all.get(connectionId);
      all.delete(connectionId);
      return removed;
    },
    async countMessage({ connectionId, window }, now, windowMs) {
      const connection = all.get(connectionId);
      if (connection === undefined) return;
      const isSameWindow = now < window.startedAt + windowMs;
      connection.window = isSameWindow
        ? { ...connection.window, count: connection.window.count + 1 }
        : { startedAt: now, count: 1 };
    },
    async countWork({ connectionId, work }, cost, now, windowMs) {
      const connection = all.get(connectionId);
      if (connection === undefined) return cost;
      const isOver = now >= work.startedAt + windowMs && connection.work.startedAt === work.startedAt;
      connection.work = isOver
        ? { startedAt: now, count: cost }
        : { ...connection.work, count: connection.work.count + cost };
      return connection.work.count;
    },
    async addRoom(connectionId, roomId, room) {
      const connection = all.get(connectionId);
      if (connection !== undefined) connection.rooms[roomId] = structuredClone(room);
      return connection !== undefined;
    },
    async removeRoom(connectionId, roomId) {
      delete all.get(connectionId)?.rooms[roomId];
    },
    async markRemoved(connectionId, roomId) {
      const room = all.get(connectionId)?.rooms[roomId];
      if (room !== undefined) room.isRemoved = true;
    },
    async renameOpenRoom(connectionId, roomId, name) {
      const room = all.get(connectionId)?.rooms[roomId];
      if (room !== undefined) room.name = name;
    },
    async extend(connectionId, changes) {
      const connection = all.get(connectionId);
      if (connection !== undefined) Object.assign(connection, given(changes));
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
      sight: roomId === undefined ? undefined : await rooms.getWithMember(roomId, holder.userId),
      connection: connectionId === undefined ? undefined : await connections.get(connectionId),
      isRevoked: await revocations.isRevoked(holder),
    }),
  };
}

export interface FakeAudiences extends AudienceStore {
  of(topic: string): Listener[];
}

export function fakeAudiences(): FakeAudiences {
  const all = new Map<string, Listener>();
  const keyOf = (topic: string, shard: number, id: string): string => `${topic} ${shard} ${id}`;
  return {
    of: (topic) => [...all].filter(([key]) => key.startsWith(`${topic} `)).map(([, listener]) => listener),
    async add(topic, listener) {
      all.set(keyOf(topic, listener.shard, listener.connectionId), structuredClone(listener));
    },
    async addToAll(topics, listener) {
      for (const { topic, shard } of topics) await this.add(topic, { ...listener, shard });
    },
    async remove(topic, shard, connectionId) {
      all.delete(keyOf(topic, shard, connectionId));
    },
    async removeAll(places) {
      for (const { topic, shard, connectionId } of places) await this.remove(topic, shard, connectionId);
    },
    async extend(topic, shard, connectionId, changes) {
      const listener = all.get(keyOf(topic, shard, connectionId));
      if (listener !== undefined) Object.assign(listener, given(changes));
    },
    shard: async (topic, shard) =>
      structuredClone(
        [...all].filter(([key]) => key.startsWith(`${topic} ${shard} `)).map(([, listener]) => listener),
      ),
  };
}

const given = <T extends object>(changes: T): Partial<T> =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Partial<T>;

export interface FakePoster extends Poster {
  /** Frames by connection, in the order of posting, parsed; whatever came of the post. */
  framesTo(connectionId: string): any[];
  /** What was done, in order: `post c1 ready`, `close c1`. */
  done: string[];
}

/** Every post succeeds unless the script says otherwise for that connection; every socket is there, as far as `there` knows. */
export function fakePoster(
  script: Record<string, (frame: string) => PostOutcome | Promise<PostOutcome>> = {},
  there: Record<string, () => boolean> = {},
): FakePoster {
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
    isThere: async (connectionId) => there[connectionId]?.() ?? true,
    async close(connectionId) {
      done.push(`close ${connectionId}`);
    },
  };
}
