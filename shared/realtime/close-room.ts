/** Closes a room on one socket that stays open: ends its subscription, and publishes `user_leave` if it was the last. */
import type { Connection, OpenRoom } from '../domain/model/connections.ts';
import type { SubscriptionStore } from '../domain/ports/sockets.ts';
import { publishUserLeaves, type LeavePorts } from './presence.ts';

export interface CloseRoomPorts extends LeavePorts {
  subscriptions: Pick<SubscriptionStore, 'shard' | 'remove'>;
}

/** Changes nothing when a `join` of the room was received after `receivedAtMs`, the time of the command that closes it. */
export async function closeRoom(
  ports: CloseRoomPorts,
  connection: Connection,
  { roomId, room, receivedAtMs }: { roomId: string; room: OpenRoom; receivedAtMs: number },
): Promise<void> {
  const { connectionId } = connection;
  const subscription = { topic: roomId, shard: room.shard, connectionId };
  if (await ports.subscriptions.remove(subscription, receivedAtMs)) {
    await publishUserLeaves(ports, [[roomId, [connection]]]);
  }
}
