/** Ending what somebody may no longer hear: sockets taken out of a room, or closed altogether. */
import { isRevokedBy, type UserRevocation } from '../domain/accounts/revocation.ts';
import { isAlive, readSubscribers } from '../domain/connections/subscribers.ts';
import type { ServerEvent } from '../contract/websocket/events.ts';
import type { Connection, Subscriber } from '../domain/model.ts';
import type { SubscriptionStore, ConnectionStore } from '../domain/ports/sockets.ts';
import { forEachConcurrent } from './for-each-concurrent.ts';
import { endRefusedSocket, type FanOutPorts } from './fan-out.ts';
import { toFrame } from './frames.ts';

export interface EvictPorts extends FanOutPorts {
  subscriptions: SubscriptionStore;
  connections: ConnectionStore;
}

const atOnce = 20;

/** Every socket of a user: each registers under its user's id too, in one shard. */
export function socketsOf(ports: Pick<EvictPorts, 'subscriptions'>, userId: string): Promise<Subscriber[]> {
  return readSubscribers(ports, userId, 1);
}

interface TakingOut {
  /** What is told first. */
  last: ServerEvent;
  code: 'forbidden' | 'room_unavailable';
  reason: string;
  /** Leave sockets alone that are not marked as removed. */
  onlyMarked: boolean;
  /** Send it as well to sockets that were opened without a room and do not have this one open. */
  alsoToRoomless: boolean;
}

/** A socket that was opened with the room ends; one that joined it only loses the room, and is told why. */
export async function evictFromRoom(
  ports: EvictPorts,
  connectionIds: string[],
  roomId: string,
  { last, reason, code, onlyMarked, alsoToRoomless }: TakingOut,
): Promise<void> {
  const connections = await ports.connections.getMany(connectionIds);
  await forEachConcurrent(connections, atOnce, async (connection) => {
    const room = connection.rooms[roomId];
    if (room === undefined) {
      const isConcerned = alsoToRoomless && !connection.isSingleRoom;
      if (isConcerned) await ports.connectionGateway.post(connection.connectionId, toFrame(last));
      return;
    }
    if (onlyMarked && room.isRemoved !== true) return;
    await ports.subscriptions.remove(roomId, room.shard, connection.connectionId);
    if (connection.isSingleRoom) {
      await ports.connectionGateway.post(connection.connectionId, toFrame(last));
      await endRefusedSocket(ports, connection, code, reason);
    } else {
      await ports.connections.removeRoom(connection.connectionId, roomId);
      await ports.connectionGateway.post(connection.connectionId, toFrame(last));
    }
  });
}

/** Every socket of a session that was ended. */
export async function closeSession(ports: EvictPorts, userId: string, sessionId: string): Promise<void> {
  const sockets = await socketsOf(ports, userId);
  // Judged by their items, as everything is: what is registered under the user may be behind.
  const connections = await ports.connections.getMany(sockets.map(({ connectionId }) => connectionId));
  const ended = connections.filter((connection) => connection.sessionId === sessionId);
  await forEachConcurrent(ended, atOnce, (connection) => signOut(ports, connection));
}

/** Every socket of the sessions that a user's revocation ended. */
export async function closeRevoked(ports: EvictPorts, revocation: UserRevocation): Promise<void> {
  const sockets = await socketsOf(ports, revocation.userId);
  const connections = await ports.connections.getMany(sockets.map(({ connectionId }) => connectionId));
  const revoked = connections.filter((connection) => isRevokedBy(revocation, connection));
  await forEachConcurrent(revoked, atOnce, (connection) => signOut(ports, connection));
}

async function signOut(ports: EvictPorts, connection: Connection): Promise<void> {
  const { connectionId, userId, rooms } = connection;
  await Promise.all([
    ports.subscriptions.remove(userId, 0, connectionId),
    ...Object.entries(rooms).map(([roomId, { shard }]) =>
      ports.subscriptions.remove(roomId, shard, connectionId),
    ),
  ]);
  await endRefusedSocket(ports, connection, 'unauthorized', 'Signed out');
}

/** To the user's sockets that were opened without a room, except those that hear the room anyway. */
export async function tellUser(
  ports: Pick<EvictPorts, 'subscriptions' | 'connections' | 'connectionGateway' | 'clock'>,
  userId: string,
  roomId: string,
  event: ServerEvent,
): Promise<void> {
  const now = ports.clock.now();
  const sockets = (await socketsOf(ports, userId)).filter(
    (socket) => !socket.isSingleRoom && isAlive(socket, now),
  );
  if (sockets.length === 0) return;
  const connections = await ports.connections.getMany(sockets.map(({ connectionId }) => connectionId));
  await forEachConcurrent(
    connections.filter((connection) => connection.rooms[roomId] === undefined),
    atOnce,
    async ({ connectionId }) => {
      await ports.connectionGateway.post(connectionId, toFrame(event));
    },
  );
}
