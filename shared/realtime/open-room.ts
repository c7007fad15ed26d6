/**
 * Opening a room on a socket: `ready`, who is here, the history; and `user_join` to the others. The socket joins
 * the audience between its first frames and the reading of the log, so that an entry is either read or posted.
 */
import { limits } from '../contract/limits.ts';
import { isAllowed, kindOf, standingOf } from '../domain/access.ts';
import {
  hasOther,
  isAlive,
  readAudience,
  shardsFor,
  tellsPresence,
  usersPresent,
} from '../domain/connections/audience.ts';
import type { ReadPorts } from '../domain/messages/read-log.ts';
import type { Connection, Head, Listener, OpenRoom } from '../domain/model.ts';
import type { AudienceStore, ConnectionStore, RevocationStore, RoomStore } from '../domain/ports.ts';
import type { RoomInSight } from '../domain/rooms/find-room.ts';
import type { PostOutcome } from './connections-client.ts';
import { fanOut, type FanOutPorts } from './fan-out.ts';
import { ready } from './frames.ts';
import { historyEvents, type HistoryWish } from './send-history.ts';
import { sendInOrder } from './send-in-order.ts';

export interface OpenRoomPorts extends FanOutPorts, ReadPorts {
  rooms: Pick<RoomStore, 'head' | 'getWithMember' | 'spreadAudience'>;
  audiences: AudienceStore;
  connections: Pick<ConnectionStore, 'get' | 'remove'>;
  revocations: Pick<RevocationStore, 'isRevoked'>;
}

export interface RoomOpening {
  connection: Connection;
  roomId: string;
  room: OpenRoom;
  history: HistoryWish;
  heartbeatSeconds: number;
}

/**
 * `refused`: the room is gone, or the user no longer belongs to it. `gone`: the socket is, or left the room meanwhile.
 * Otherwise what came of posting.
 */
export async function openRoom(
  ports: OpenRoomPorts,
  { connection, roomId, room, history, heartbeatSeconds }: RoomOpening,
): Promise<PostOutcome | 'refused'> {
  const now = ports.clock.now();
  const head = await ports.rooms.head(roomId);
  if (head === undefined) return 'refused';
  const before = await readAudience(ports, roomId, head.shards);
  const users = usersPresent([...before, listenerOf(connection, room.shard, now)], now);
  const welcome = await sendInOrder(ports, connection, [
    ready(connection, { roomId, name: room.name, head }, { heartbeatSeconds, now }),
    {
      type: 'room_users_list',
      room_id: roomId,
      users: users.slice(0, limits.roomUsersListed),
      ...(users.length > limits.roomUsersListed ? { total: users.length } : {}),
    },
  ]);
  if (welcome !== 'sent') return welcome;

  const listener = listenerOf(connection, room.shard, ports.clock.now());
  await ports.audiences.add(roomId, listener);
  const [sight, isOpen] = await Promise.all([
    stillAdmitted(ports, roomId, connection),
    stillOpen(ports, roomId, connection.connectionId),
  ]);
  if (sight === undefined || !isOpen) {
    await ports.audiences.remove(roomId, listener.shard, listener.connectionId);
    return sight === undefined ? 'refused' : 'gone';
  }
  const [outcome] = await Promise.all([
    historyEvents(ports, sight.head, history).then((events) => sendInOrder(ports, connection, events)),
    tellsPresence(head.shards)
      ? announce(ports, roomId, head, listener)
      : spread(ports, roomId, head, before.length + 1),
  ]);
  return outcome;
}

export function listenerOf(connection: Connection, shard: number, joinedAt: number): Listener {
  const { connectionId, userId, username, sessionId, openedAt, leaseEndsAt, tokenEndsAt } = connection;
  const { batch, isSingleRoom } = connection;
  return {
    connectionId,
    userId,
    username,
    sessionId,
    shard,
    joinedAt,
    openedAt,
    leaseEndsAt,
    tokenEndsAt,
    batch,
    isSingleRoom,
  };
}

/**
 * The room as it is now, if it still admits the user. Read after joining the audience: whoever takes a right away
 * first notes it and then clears the audience, so one of the two sees the other. The head is as new, and so the
 * history reaches up to whatever is not posted.
 */
async function stillAdmitted(
  { rooms, revocations }: OpenRoomPorts,
  roomId: string,
  { userId, sessionId }: Connection,
): Promise<RoomInSight | undefined> {
  const [sight, isRevoked] = await Promise.all([
    rooms.getWithMember(roomId, userId),
    revocations.isRevoked(sessionId),
  ]);
  if (sight === undefined || isRevoked) return undefined;
  const { room, member } = sight;
  return isAllowed('openSocket', kindOf(room), standingOf(room, userId, member)) ? sight : undefined;
}

/**
 * Read after joining the audience, too: a socket that closes or leaves the room first says so on its item and then
 * clears the audience, which it may have done before this one joined it.
 */
async function stillOpen(
  { connections }: Pick<OpenRoomPorts, 'connections'>,
  roomId: string,
  connectionId: string,
): Promise<boolean> {
  return (await connections.get(connectionId))?.rooms[roomId] !== undefined;
}

/** To the others, and only for the user's first socket here. */
async function announce(ports: OpenRoomPorts, roomId: string, head: Head, listener: Listener): Promise<void> {
  const audience = await readAudience(ports, roomId, head.shards);
  const now = ports.clock.now();
  await spread(ports, roomId, head, audience.length);
  if (hasOther(audience, listener, now, listener)) return;
  const others = audience.filter((other) => other.userId !== listener.userId && isAlive(other, now));
  const { userId: user_id, username } = listener;
  await fanOut(ports, others, [{ type: 'user_join', user_id, username, room_id: roomId }]);
}

/** Over more shards, when that many connections want it. */
async function spread(
  { rooms }: Pick<OpenRoomPorts, 'rooms'>,
  roomId: string,
  head: Head,
  connections: number,
): Promise<void> {
  const shards = shardsFor(connections, head.shards);
  if (shards > head.shards) await rooms.spreadAudience(roomId, head.shards, shards);
}
