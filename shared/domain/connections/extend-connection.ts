/** Prolonging or ending what a connection may hear, wherever it is noted: on its item, under its user, in each room. */
import type { Connection } from '../model.ts';
import type { AudienceStore, ConnectionStore } from '../ports/sockets.ts';

export async function extendConnection(
  {
    connections,
    audiences,
  }: { connections: Pick<ConnectionStore, 'extend'>; audiences: Pick<AudienceStore, 'extend'> },
  { connectionId, userId, rooms }: Connection,
  changes: Partial<Pick<Connection, 'leaseEndsAt' | 'tokenEndsAt' | 'sessionId' | 'tokenVersion'>>,
): Promise<void> {
  // First on its item: a socket that is being opened notes itself in audiences, and then looks there for what is new.
  await connections.extend(connectionId, changes);
  await Promise.all([
    audiences.extend(userId, 0, connectionId, changes),
    ...Object.entries(rooms).map(([roomId, { shard }]) =>
      audiences.extend(roomId, shard, connectionId, changes),
    ),
  ]);
}
