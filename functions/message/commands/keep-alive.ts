/** Prolonging a connection wherever it is noted: on its own item, under its user, and in each of its rooms. */
import type { Connection } from '../../../shared/domain/model.ts';
import type { Dependencies } from '../dependencies.ts';

export async function keepAlive(
  { connections, audiences }: Pick<Dependencies, 'connections' | 'audiences'>,
  { connectionId, userId, rooms }: Connection,
  changes: Partial<Pick<Connection, 'leaseEndsAt' | 'tokenEndsAt'>>,
): Promise<void> {
  await Promise.all([
    connections.extend(connectionId, changes),
    audiences.extend(userId, 0, connectionId, changes),
    ...Object.entries(rooms).map(([roomId, { shard }]) =>
      audiences.extend(roomId, shard, connectionId, changes),
    ),
  ]);
}
