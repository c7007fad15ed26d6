/** Evicts sockets whose right has ended: from one room, or by ending them altogether. */
import type { ServerEvent } from '../contract/websocket/events.ts';
import { isRevokedBy, type UserRevocation } from '../domain/accounts/revocation.ts';
import { readUserConnections } from '../domain/connections/subscribers.ts';
import type { Connection } from '../domain/model/connections.ts';
import type { ConnectionStore, SubscriptionStore } from '../domain/ports/sockets.ts';
import type { Clock } from '../domain/ports/system.ts';
import { waitForAll } from '../domain/wait-for-all.ts';
import { endRefusedSocket, type EndSocketPorts } from './end-socket.ts';
import { forEachConcurrent } from './for-each-concurrent.ts';
import { toFrame } from './send-events.ts';

export interface EvictPorts extends EndSocketPorts {
  subscriptions: Pick<SubscriptionStore, 'shard' | 'remove'>;
  connections: Pick<ConnectionStore, 'getMany' | 'remove' | 'removeRoom'>;
  clock: Clock;
}

const maxConcurrentSockets = 20;

export interface EvictionInput {
  /** The last event of the room that the socket receives. */
  lastEvent: ServerEvent;
  /** Code and reason for the sockets that are ended. */
  code: 'forbidden' | 'room_unavailable';
  reason: string;
  /** Evicts only the sockets that are marked as removed from the room. */
  onlyMarked: boolean;
  /** Posts the event as well to sockets that were opened without a room and do not have this one open. */
  notifyRoomless: boolean;
}

/** Evicts sockets from a room: one that was opened for this room is ended, any other one only loses the room. */
export async function evictFromRoom(
  ports: EvictPorts,
  connectionIds: string[],
  roomId: string,
  { lastEvent, reason, code, onlyMarked, notifyRoomless }: EvictionInput,
): Promise<void> {
  const connections = await ports.connections.getMany(connectionIds);
  await forEachConcurrent(connections, maxConcurrentSockets, async (connection) => {
    const { connectionId, isSingleRoom } = connection;
    const room = connection.rooms[roomId];
    if (room === undefined) {
      if (notifyRoomless && !isSingleRoom)
        await ports.connectionGateway.post(connectionId, toFrame(lastEvent));
      return;
    }
    if (onlyMarked && room.isRemoved !== true) return;
    await ports.subscriptions.remove({ topic: roomId, shard: room.shard, connectionId });
    if (isSingleRoom) {
      await ports.connectionGateway.post(connectionId, toFrame(lastEvent));
      await endRefusedSocket(ports, connection, code, reason);
    } else {
      await ports.connections.removeRoom(connectionId, roomId);
      await ports.connectionGateway.post(connectionId, toFrame(lastEvent));
    }
  });
}

/** Ends every socket of a session that was ended. */
export async function signOutSession(ports: EvictPorts, userId: string, sessionId: string): Promise<void> {
  await signOutSockets(ports, userId, (connection) => connection.sessionId === sessionId);
}

/** Ends every socket of the sessions that a revocation has ended. */
export async function signOutRevoked(ports: EvictPorts, revocation: UserRevocation): Promise<void> {
  await signOutSockets(ports, revocation.userId, (connection) => isRevokedBy(revocation, connection));
}

async function signOutSockets(
  ports: EvictPorts,
  userId: string,
  isSignedOut: (connection: Connection) => boolean,
): Promise<void> {
  const sockets = await readUserConnections(ports, userId);
  // Judged by the connections themselves: the registrations under the user may name an earlier session.
  const connections = await ports.connections.getMany(sockets.map(({ connectionId }) => connectionId));
  await forEachConcurrent(connections.filter(isSignedOut), maxConcurrentSockets, async (connection) => {
    const { connectionId, rooms } = connection;
    await waitForAll([
      ports.subscriptions.remove({ topic: userId, shard: 0, connectionId }),
      ...Object.entries(rooms).map(([roomId, { shard }]) =>
        ports.subscriptions.remove({ topic: roomId, shard, connectionId }),
      ),
    ]);
    await endRefusedSocket(ports, connection, 'unauthorized', 'Signed out');
  });
}
