/** The name of a renamed room, as sockets that have the room open know it: typing indicators carry it. */
import { readSubscribers, smallRoomConnections } from '../connections/subscribers.ts';
import type { Head, Room } from '../model.ts';
import type { SubscriptionStore, ConnectionStore } from '../ports/sockets.ts';

export interface RenamePorts {
  subscriptions: Pick<SubscriptionStore, 'shard'>;
  connections: Pick<ConnectionStore, 'renameOpenRoom'>;
}

/**
 * Larger rooms are told of nobody who types, so nothing there shows the name. A socket that is on its way in takes the
 * new name from the room when it is admitted.
 */
export async function renameInSockets(ports: RenamePorts, room: Room, head: Head): Promise<void> {
  if (head.shards > 1) return;
  const subscribers = await readSubscribers(ports, room.roomId, head.shards);
  if (subscribers.length > smallRoomConnections) return;
  await Promise.all(
    subscribers.map(({ connectionId }) =>
      ports.connections.renameOpenRoom(connectionId, room.roomId, room.name),
    ),
  );
}
