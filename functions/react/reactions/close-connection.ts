/** A connection ended, by whatever way: it leaves its rooms. */
import type { Connection } from '../../../shared/domain/model.ts';
import { closeRoom } from '../../../shared/realtime/close-room.ts';
import type { Dependencies } from '../dependencies.ts';

export async function closeConnection(ports: Dependencies, connection: Connection): Promise<void> {
  const { connectionId, userId, rooms } = connection;
  await Promise.all([
    ports.audiences.remove(userId, 0, connectionId),
    ...Object.entries(rooms).map(([roomId, room]) => closeRoom(ports, connection, roomId, room)),
  ]);
}
