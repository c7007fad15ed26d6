/** A socket that leaves a room: out of the audience, and `user_leave` to the others when it was the user's last. */
import { hasOther, isAlive, readAudience, tellsPresence } from '../domain/connections/audience.ts';
import type { Connection, OpenRoom } from '../domain/model.ts';
import type { AudienceStore, RoomStore } from '../domain/ports.ts';
import { fanOut, type FanOutPorts } from './fan-out.ts';

export interface CloseRoomPorts extends FanOutPorts {
  rooms: Pick<RoomStore, 'head'>;
  audiences: AudienceStore;
}

export async function closeRoom(
  ports: CloseRoomPorts,
  connection: Connection,
  roomId: string,
  room: OpenRoom,
): Promise<void> {
  await ports.audiences.remove(roomId, room.shard, connection.connectionId);
  const head = await ports.rooms.head(roomId);
  if (head === undefined || !tellsPresence(head.shards)) return;
  const audience = await readAudience(ports, roomId, head.shards);
  const now = ports.clock.now();
  if (hasOther(audience, connection, now)) return;
  const others = audience.filter((other) => other.userId !== connection.userId && isAlive(other, now));
  const { userId: user_id, username } = connection;
  await fanOut(ports, others, [{ type: 'user_leave', user_id, username, room_id: roomId }]);
}
