/** Posts an event to the sockets of one user, whether or not they receive what the room's subscribers do. */
import type { ServerEvent } from '../contract/websocket/events.ts';
import { isAlive, readUserConnections } from '../domain/connections/subscribers.ts';
import type { Connection, Subscriber } from '../domain/model/connections.ts';
import type { ConnectionStore, SubscriptionStore } from '../domain/ports/sockets.ts';
import type { Clock } from '../domain/ports/system.ts';
import type { ConnectionGateway } from './connection-gateway.ts';
import { forEachConcurrent } from './for-each-concurrent.ts';
import { toFrame } from './send-events.ts';

export interface NotifyUserPorts {
  subscriptions: Pick<SubscriptionStore, 'shard'>;
  connections: Pick<ConnectionStore, 'getMany'>;
  connectionGateway: ConnectionGateway;
  clock: Clock;
}

const maxConcurrentPosts = 20;

/** Reads the sockets of a user, and posts to them as `notifySockets` does. */
export async function notifyUser(
  ports: NotifyUserPorts,
  userId: string,
  roomId: string,
  event: ServerEvent,
): Promise<void> {
  await notifySockets(ports, await readUserConnections(ports, userId), roomId, event);
}

/** Posts to all sockets of a user that the room concerns: those that have it open, and those without a room. */
export async function notifyDevices(
  ports: NotifyUserPorts,
  userId: string,
  roomId: string,
  event: ServerEvent,
): Promise<void> {
  const ofUser = await readUserConnections(ports, userId);
  await postTo(
    ports,
    ofUser,
    event,
    (connection) => connection.rooms[roomId] !== undefined || !connection.isSingleRoom,
  );
}

/** Posts to those of one user's sockets that were opened without a room and do not have this room open. */
export async function notifySockets(
  ports: Omit<NotifyUserPorts, 'subscriptions'>,
  ofUser: readonly Subscriber[],
  roomId: string,
  event: ServerEvent,
): Promise<void> {
  const roomless = ofUser.filter(({ isSingleRoom }) => !isSingleRoom);
  await postTo(ports, roomless, event, (connection) => connection.rooms[roomId] === undefined);
}

async function postTo(
  ports: Omit<NotifyUserPorts, 'subscriptions'>,
  ofUser: readonly Subscriber[],
  event: ServerEvent,
  isConcerned: (connection: Connection) => boolean,
): Promise<void> {
  const now = ports.clock.now();
  const sockets = ofUser.filter((socket) => isAlive(socket, now));
  if (sockets.length === 0) return;
  const connections = await ports.connections.getMany(sockets.map(({ connectionId }) => connectionId));
  await forEachConcurrent(connections.filter(isConcerned), maxConcurrentPosts, async ({ connectionId }) => {
    await ports.connectionGateway.post(connectionId, toFrame(event));
  });
}
