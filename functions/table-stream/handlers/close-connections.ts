/** Connections that ended, by whatever way: they leave their rooms. */
import type { Connection } from '../../../shared/domain/model.ts';
import { tellWhoLeft } from '../../../shared/realtime/close-room.ts';
import type { Dependencies } from '../dependencies.ts';

/**
 * All of them are taken out before anybody is told of any: when thousands end together, nobody is told who is gone
 * himself, and each room is looked at for all who left it.
 */
export async function closeConnections(ports: Dependencies, connections: Connection[]): Promise<void> {
  const left = new Map<string, Connection[]>();
  const places = connections.flatMap((connection) => {
    const { connectionId, userId, rooms } = connection;
    return [
      { topic: userId, shard: 0, connectionId },
      ...Object.entries(rooms).map(([roomId, { shard }]) => {
        left.set(roomId, [...(left.get(roomId) ?? []), connection]);
        return { topic: roomId, shard, connectionId };
      }),
    ];
  });
  await ports.subscriptions.removeAll(places);
  await tellWhoLeft(ports, [...left]);
}
