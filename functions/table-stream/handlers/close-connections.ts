/** Unsubscribes connections that were removed, and publishes that their users left. */
import type { Connection } from '../../../shared/domain/model/connections.ts';
import { publishUserLeaves } from '../../../shared/realtime/presence.ts';
import type { Dependencies } from '../dependencies.ts';

/**
 * Unsubscribes all closed connections before publishing anything, so that none of them is posted to when thousands close
 * together, and so that each room is read once for all connections that left it.
 */
export async function closeConnections(ports: Dependencies, connections: Connection[]): Promise<void> {
  const left = new Map<string, Connection[]>();
  const subscriptions = connections.flatMap((connection) => {
    const { connectionId, userId, rooms } = connection;
    return [
      { topic: userId, shard: 0, connectionId },
      ...Object.entries(rooms).map(([roomId, { shard }]) => {
        left.set(roomId, [...(left.get(roomId) ?? []), connection]);
        return { topic: roomId, shard, connectionId };
      }),
    ];
  });
  await ports.subscriptions.removeMany(subscriptions);
  await publishUserLeaves(ports, [...left]);
}
