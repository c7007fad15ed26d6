/** `join`: one more room on a socket that was opened without one. */
import { limits } from '../../../shared/contract/limits.ts';
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { findOrMakeRoom } from '../../../shared/domain/connections/find-room-by-name.ts';
import { chooseShard } from '../../../shared/domain/connections/open-connection.ts';
import { belong } from '../../../shared/domain/rooms/belong.ts';
import { openRoom } from '../../../shared/realtime/open-room.ts';
import type { CommandOf } from '../../../shared/contract/websocket/commands.ts';
import type { Connection } from '../../../shared/domain/model.ts';
import { findRoomFor, type RoomInSight } from '../../../shared/domain/rooms/find-room.ts';
import type { CommandHandler } from '../command.ts';
import type { Dependencies } from '../dependencies.ts';

export const join: CommandHandler<'join'> = async (ports, connection, command) => {
  const { after, history, ref } = command;
  if (connection.isSingleRoom) {
    throw new ChatError('forbidden', { detail: 'This socket was opened for one room' });
  }
  const found = await findRoomToJoin(ports, connection, command);
  const { roomId } = found.room;
  const known = connection.rooms[roomId];
  const isNew = known === undefined || known.isRemoved === true;
  if (isNew && Object.keys(connection.rooms).length >= limits.roomsPerConnection) {
    throw new ChatError('forbidden', { detail: `A socket takes at most ${limits.roomsPerConnection} rooms` });
  }
  await belong(ports, found.room, found.member, connection);
  // Joining again, after a lost answer, keeps its place in the audience.
  const place = isNew ? chooseShard(ports, found) : { ...known, name: found.room.name };
  if (isNew && !(await ports.connections.addRoom(connection.connectionId, roomId, place))) return;
  const outcome = await openRoom(ports, {
    connection,
    roomId,
    room: place,
    head: found.head,
    history: { after, limit: history ?? limits.pageSize, ref },
    heartbeatSeconds: ports.settings.heartbeatSeconds,
    isNew: false,
  });
  if (outcome === 'refused') {
    await ports.connections.removeRoom(connection.connectionId, roomId);
    throw new ChatError('not_found');
  }
};

/** Only a name may make a room: a client that comes back by an id must not end up in another room. */
function findRoomToJoin(
  ports: Dependencies,
  connection: Connection,
  { room, room_id: roomId }: CommandOf<'join'>,
): Promise<RoomInSight> {
  if (room !== undefined) return findOrMakeRoom(ports, connection, room, ports.settings.mayMakeRooms);
  return findRoomFor('openSocket', ports, roomId?.toLowerCase() ?? '', connection.userId);
}
