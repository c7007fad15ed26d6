/** Sockets that leave a room: out of the audience, and `user_leave` to the others when it was the user's last. */
import { hasOther, isAlive, readAudience, tellsPresence } from '../domain/connections/audience.ts';
import type { Connection, OpenRoom } from '../domain/model.ts';
import type { RoomStore } from '../domain/ports/rooms.ts';
import type { AudienceStore } from '../domain/ports/sockets.ts';
import { each } from './each.ts';
import { fanOut, type FanOutPorts } from './fan-out.ts';

export interface CloseRoomPorts extends FanOutPorts {
  rooms: Pick<RoomStore, 'head'>;
  audiences: AudienceStore;
}

const eventsAtOnce = 4;

export async function closeRoom(
  ports: CloseRoomPorts,
  connection: Connection,
  roomId: string,
  room: OpenRoom,
): Promise<void> {
  await ports.audiences.remove(roomId, room.shard, connection.connectionId);
  await tellWhoLeft(ports, roomId, [connection]);
}

/** Of sockets that are out of the audience, those that were their user's last. */
export async function tellWhoLeft(
  ports: CloseRoomPorts,
  roomId: string,
  sockets: Pick<Connection, 'connectionId' | 'userId' | 'username'>[],
): Promise<void> {
  const head = await ports.rooms.head(roomId);
  if (head === undefined || !tellsPresence(head.shards)) return;
  const audience = await readAudience(ports, roomId, head.shards);
  const now = ports.clock.now();
  const users = new Map(
    sockets
      .filter((socket) => !hasOther(audience, socket, now))
      .map((socket) => [socket.userId, socket.username]),
  );
  if (users.size === 0) return;
  const others = audience.filter((other) => !users.has(other.userId) && isAlive(other, now));
  const events = [...users].map(([user_id, username]) => ({
    type: 'user_leave' as const,
    user_id,
    username,
    room_id: roomId,
  }));
  // Each by itself: a socket that one does not reach is told the others.
  await each(events, eventsAtOnce, (event) => fanOut(ports, others, [event]));
}
