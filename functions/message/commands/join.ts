/** `join`: one more room on a socket that was opened without one. */
import { limits } from '../../../shared/contract/limits.ts';
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { findOrMakeRoom } from '../../../shared/domain/connections/find-room-by-name.ts';
import { chooseShard } from '../../../shared/domain/connections/open-connection.ts';
import { belong } from '../../../shared/domain/rooms/belong.ts';
import { openRoom } from '../../../shared/realtime/open-room.ts';
import type { CommandHandler } from '../command.ts';

export const join: CommandHandler<'join'> = async (ports, connection, { room, after, history }) => {
  if (connection.isSingleRoom) {
    throw new ChatError('forbidden', { detail: 'This socket was opened for one room' });
  }
  const found = await findOrMakeRoom(ports, connection, room, ports.settings.mayMakeRooms);
  const { roomId } = found.room;
  const known = connection.rooms[roomId];
  const isNew = known === undefined || known.isRemoved === true;
  if (isNew && Object.keys(connection.rooms).length >= limits.roomsPerConnection) {
    throw new ChatError('forbidden', { detail: `A socket takes at most ${limits.roomsPerConnection} rooms` });
  }
  await belong(ports, found.room, found.member, connection);
  // Joining again, after a lost answer, keeps its place in the audience.
  const place = isNew ? chooseShard(ports, found) : known;
  if (isNew && !(await ports.connections.addRoom(connection.connectionId, roomId, place))) return;
  const outcome = await openRoom(ports, {
    connection,
    roomId,
    room: place,
    head: found.head,
    history: { after, limit: history ?? limits.pageSize },
    heartbeatSeconds: ports.settings.heartbeatSeconds,
    isNew: false,
  });
  if (outcome === 'refused') {
    await ports.connections.removeRoom(connection.connectionId, roomId);
    throw new ChatError('not_found');
  }
};
