/** Ending what somebody may no longer hear: sockets taken out of a room, or closed altogether. */
import { isRevokedBy, type UserRevocation } from '../domain/accounts/revocation.ts';
import { isAlive, readAudience } from '../domain/connections/audience.ts';
import type { ServerEvent } from '../contract/websocket/events.ts';
import type { Connection, Listener } from '../domain/model.ts';
import type { AudienceStore, ConnectionStore } from '../domain/ports/sockets.ts';
import { each } from './each.ts';
import { endRefusedSocket, type FanOutPorts } from './fan-out.ts';
import { toFrame } from './frames.ts';

export interface TakeOutPorts extends FanOutPorts {
  audiences: AudienceStore;
  connections: ConnectionStore;
}

const atOnce = 20;

/** Every socket of a user: each registers under its user's id too, in one shard. */
export function socketsOf(ports: Pick<TakeOutPorts, 'audiences'>, userId: string): Promise<Listener[]> {
  return readAudience(ports, userId, 1);
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
export async function takeOutOfRoom(
  ports: TakeOutPorts,
  connectionIds: string[],
  roomId: string,
  { last, reason, code, onlyMarked, alsoToRoomless }: TakingOut,
): Promise<void> {
  const connections = await ports.connections.getMany(connectionIds);
  await each(connections, atOnce, async (connection) => {
    const room = connection.rooms[roomId];
    if (room === undefined) {
      const isConcerned = alsoToRoomless && !connection.isSingleRoom;
      if (isConcerned) await ports.poster.post(connection.connectionId, toFrame(last));
      return;
    }
    if (onlyMarked && room.isRemoved !== true) return;
    await ports.audiences.remove(roomId, room.shard, connection.connectionId);
    if (connection.isSingleRoom) {
      await ports.poster.post(connection.connectionId, toFrame(last));
      await endRefusedSocket(ports, connection, code, reason);
    } else {
      await ports.connections.removeRoom(connection.connectionId, roomId);
      await ports.poster.post(connection.connectionId, toFrame(last));
    }
  });
}

/** Every socket of a session that was ended. */
export async function closeSession(ports: TakeOutPorts, userId: string, sessionId: string): Promise<void> {
  const sockets = await socketsOf(ports, userId);
  // Judged by their items, as everything is: what is registered under the user may be behind.
  const connections = await ports.connections.getMany(sockets.map(({ connectionId }) => connectionId));
  const ended = connections.filter((connection) => connection.sessionId === sessionId);
  await each(ended, atOnce, (connection) => signOut(ports, connection));
}

/** Every socket of the sessions that a user's revocation ended. */
export async function closeRevoked(ports: TakeOutPorts, revocation: UserRevocation): Promise<void> {
  const sockets = await socketsOf(ports, revocation.userId);
  const connections = await ports.connections.getMany(sockets.map(({ connectionId }) => connectionId));
  const revoked = connections.filter((connection) => isRevokedBy(revocation, connection));
  await each(revoked, atOnce, (connection) => signOut(ports, connection));
}

async function signOut(ports: TakeOutPorts, connection: Connection): Promise<void> {
  const { connectionId, userId, rooms } = connection;
  await Promise.all([
    ports.audiences.remove(userId, 0, connectionId),
    ...Object.entries(rooms).map(([roomId, { shard }]) =>
      ports.audiences.remove(roomId, shard, connectionId),
    ),
  ]);
  await endRefusedSocket(ports, connection, 'unauthorized', 'Signed out');
}

/** To the user's sockets that were opened without a room, except those that hear the room anyway. */
export async function tellUser(
  ports: Pick<TakeOutPorts, 'audiences' | 'connections' | 'poster' | 'clock'>,
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
  await each(
    connections.filter((connection) => connection.rooms[roomId] === undefined),
    atOnce,
    async ({ connectionId }) => {
      await ports.poster.post(connectionId, toFrame(event));
    },
  );
}
