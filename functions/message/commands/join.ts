/** `join`: one more room on a socket that was opened without one. */
import { limits } from '../../../shared/contract/limits.ts';
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { findRoomByName, orMakeRoom } from '../../../shared/domain/connections/find-room-by-name.ts';
import { chooseShard } from '../../../shared/domain/connections/open-connection.ts';
import { ensureMember } from '../../../shared/domain/rooms/ensure-member.ts';
import { arrivalWindowMs } from '../../../shared/domain/rate-limits/arrivals.ts';
import { openingSurcharge } from '../../../shared/domain/rate-limits/costs.ts';
import { tellWhoLeft } from '../../../shared/realtime/close-room.ts';
import { openRoom } from '../../../shared/realtime/open-room.ts';
import type { CommandOf } from '../../../shared/contract/websocket/commands.ts';
import type { Connection } from '../../../shared/domain/model.ts';
import { findRoomFor, type RoomAccess } from '../../../shared/domain/rooms/find-room.ts';
import type { CommandHandler } from '../command.ts';
import type { Dependencies } from '../dependencies.ts';

export const join: CommandHandler<'join'> = async (ports, connection, command, receivedAt) => {
  const { after, history, ref } = command;
  if (connection.isSingleRoom) {
    throw new ChatError('forbidden', { detail: 'This socket was opened for one room' });
  }
  const isFull = Object.keys(connection.rooms).length >= limits.roomsPerConnection;
  const found = await findRoomToJoin(ports, connection, command, isFull);
  const { roomId } = found.room;
  const known = connection.rooms[roomId];
  const isNew = known === undefined || known.isRemoved === true;
  if (isNew && isFull) throw tooManyRooms();
  await Promise.all([
    ensureMember(ports, found.room, found.member, connection),
    ports.budget.charge(connection.userId, openingSurcharge(found.head)),
  ]);
  // Joining again, after a lost answer, keeps its place in the subscribers.
  const place = {
    ...(isNew ? chooseShard(ports, found) : { ...known, name: found.room.name }),
    joinReceivedAt: Math.max(receivedAt, known?.joinReceivedAt ?? 0),
  };
  const { connectionId } = connection;
  const isOpen =
    (!isNew && (await ports.connections.rejoinRoom(connectionId, roomId, place.joinReceivedAt))) ||
    (await ports.connections.addRoom(connectionId, roomId, place));
  if (!isOpen) {
    if ((await ports.connections.get(connectionId)) === undefined) return;
    throw new ChatError('not_found', { detail: 'The room was left before it was open' });
  }
  const outcome = await openRoom(ports, {
    connection,
    roomId,
    room: place,
    head: found.head,
    history: { after, limit: history ?? limits.pageSize, ref },
    heartbeatSeconds: ports.settings.heartbeatSeconds,
    isNew: false,
  });
  if (outcome === 'refused' || outcome === 'too_often') {
    await ports.connections.removeRoom(connection.connectionId, roomId);
    throw outcome === 'refused'
      ? new ChatError('not_found')
      : new ChatError('rate_limited', { retryAfterMs: arrivalWindowMs });
  }
  // It was left while its arrival was being announced: the others may have heard of the leave first.
  const current = await ports.connections.get(connectionId);
  if (current?.rooms[roomId] === undefined) await tellWhoLeft(ports, [[roomId, [connection]]]);
};

const tooManyRooms = (): ChatError =>
  new ChatError('forbidden', { detail: `A socket takes at most ${limits.roomsPerConnection} rooms` });

/** Only a name may make a room: a client that comes back by an id must not end up in another room. */
async function findRoomToJoin(
  ports: Dependencies,
  connection: Connection,
  { room, room_id: roomId }: CommandOf<'join'>,
  isFull: boolean,
): Promise<RoomAccess> {
  if (room !== undefined) {
    const found = await findRoomByName(ports, connection, room);
    // Before a room is made that could not be opened.
    if (found === undefined && isFull) throw tooManyRooms();
    return orMakeRoom(ports, connection, room, ports.settings.mayMakeRooms, found);
  }
  return findRoomFor('openSocket', ports, roomId?.toLowerCase() ?? '', connection.userId);
}
