/** `join`: opens one more room on a socket that was opened without a room. */
import * as limits from '../../../shared/contract/limits.ts';
import type { CommandOf } from '../../../shared/contract/websocket/commands.ts';
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { createIfMissing, findRoomByName } from '../../../shared/domain/connections/find-room-by-name.ts';
import { chooseShard } from '../../../shared/domain/connections/open-connection.ts';
import type { Connection } from '../../../shared/domain/model/connections.ts';
import { arrivalWindowMs } from '../../../shared/domain/rate-limits/arrivals.ts';
import { openingSurcharge } from '../../../shared/domain/rate-limits/charges.ts';
import { ensureMember } from '../../../shared/domain/rooms/membership/join-room.ts';
import { findRoomFor, type RoomAccess } from '../../../shared/domain/rooms/find-room.ts';
import { waitForAll } from '../../../shared/domain/wait-for-all.ts';
import { openRoom } from '../../../shared/realtime/open-room.ts';
import { publishUserLeaves } from '../../../shared/realtime/presence.ts';
import type { CommandHandler } from '../command.ts';
import type { Dependencies } from '../dependencies.ts';

export const join: CommandHandler<'join'> = async (ports, connection, command, receivedAtMs) => {
  const { after, history, ref } = command;
  const { connectionId } = connection;
  if (connection.isSingleRoom) {
    throw new ChatError('forbidden', {
      detail: 'This socket was opened for one room and can join no other',
    });
  }
  const isFull = Object.keys(connection.rooms).length >= limits.roomsPerConnection;
  const access = await findRoomToJoin(ports, connection, command, isFull);
  const { roomId } = access.room;
  const open = connection.rooms[roomId];
  const isNew = open === undefined || open.isRemoved === true;
  if (isNew && isFull) throw tooManyRooms();
  await waitForAll([
    ensureMember(ports, access.room, access.member, connection),
    ports.budget.charge(connection.userId, openingSurcharge(access.head)),
  ]);
  // A join that is repeated after a lost answer keeps its shard, so that it replaces its subscription.
  const room = {
    ...(isNew ? chooseShard(ports, access) : { ...open, name: access.room.name }),
    joinReceivedAtMs: Math.max(receivedAtMs, open?.joinReceivedAtMs ?? 0),
  };
  const isOpen =
    (!isNew && (await ports.connections.rejoinRoom(connectionId, roomId, room.joinReceivedAtMs))) ||
    (await ports.connections.addRoom(connectionId, roomId, room));
  if (!isOpen) {
    if ((await ports.connections.get(connectionId)) === undefined) return;
    throw new ChatError('not_found', { detail: 'A later leave command closed this room' });
  }
  const outcome = await openRoom(ports, {
    connection,
    roomId,
    room,
    head: access.head,
    history: { after, limit: history ?? limits.pageSize, ref },
    heartbeatSeconds: ports.settings.heartbeatSeconds,
    isNew: false,
  });
  if (outcome === 'refused' || outcome === 'too_often') {
    await ports.connections.removeRoom(connectionId, roomId);
    throw outcome === 'refused'
      ? new ChatError('not_found')
      : new ChatError('rate_limited', { retryAfterMs: arrivalWindowMs });
  }
  // A leave that ran while `user_join` was being published may have published `user_leave` before it: publish it again.
  const current = await ports.connections.get(connectionId);
  if (current?.rooms[roomId] === undefined) await publishUserLeaves(ports, [[roomId, [connection]]]);
};

const tooManyRooms = (): ChatError =>
  new ChatError('forbidden', {
    detail: `A socket can have at most ${limits.roomsPerConnection} rooms open. Leave one first.`,
  });

/** Only a name may create a room: a client that rejoins by id must not end up in another room. */
async function findRoomToJoin(
  ports: Dependencies,
  connection: Connection,
  { room, room_id: roomId, create = true }: CommandOf<'join'>,
  isFull: boolean,
): Promise<RoomAccess> {
  if (room !== undefined) {
    const found = await findRoomByName(ports, connection, room);
    // Refused before a room is created that could not be opened.
    if (found === undefined && isFull) throw tooManyRooms();
    if (found === undefined && !create) {
      throw new ChatError('not_found', {
        detail: 'No room has this name. Check the name, or create the room first.',
      });
    }
    return createIfMissing(ports, connection, room, {
      found,
      mayCreate: ports.settings.mayCreateRooms,
    });
  }
  return findRoomFor('openSocket', ports, roomId?.toLowerCase() ?? '', connection.userId);
}
