/** Sockets that leave a room: out of the subscribers, and `user_leave` to the others when it was the user's last. */
import { hasOther, isAlive, readSubscribers, tellsPresence } from '../domain/connections/subscribers.ts';
import type { ServerEvent } from '../contract/websocket/events.ts';
import type { Connection, Head, Subscriber, OpenRoom } from '../domain/model.ts';
import type { RoomStore } from '../domain/ports/rooms.ts';
import type { SubscriptionStore, ConnectionStore } from '../domain/ports/sockets.ts';
import { chunk } from '../domain/chunk.ts';
import { forEachConcurrent } from './for-each-concurrent.ts';
import { fanOut, type FanOutPorts } from './fan-out.ts';

export interface CloseRoomPorts extends FanOutPorts {
  rooms: Pick<RoomStore, 'heads'>;
  subscriptions: SubscriptionStore;
  connections: Pick<ConnectionStore, 'remove' | 'there'>;
}

type Leaver = Pick<Connection, 'connectionId' | 'userId' | 'username'>;

type LeftRoom = readonly [roomId: string, sockets: readonly Leaver[]];

interface Leave {
  event: Extract<ServerEvent, { type: 'user_leave' }>;
  others: Subscriber[];
}

/** Rooms that are looked at together, and how many such parts at a time. */
const roomsInPart = 16;
const partsAtOnce = 4;
const leavesAtOnce = 4;

/** Nothing happens to a room that was joined again by a command received after the one that closes it. */
export async function closeRoom(
  ports: CloseRoomPorts,
  connection: Connection,
  { roomId, room, receivedAt }: { roomId: string; room: OpenRoom; receivedAt: number },
): Promise<void> {
  const { connectionId } = connection;
  const place = { topic: roomId, shard: room.shard, connectionId };
  if (await ports.subscriptions.removeJoined(place, receivedAt)) {
    await tellWhoLeft(ports, [[roomId, [connection]]]);
  }
}

/**
 * Of sockets that are out of their rooms' subscriptions, those that were their user's last there. Where several left
 * together, the others may be about to: it is told only to those whose connections are still there, since one look at
 * all of them costs less than a post to each that was cut, and the removal that would follow.
 */
export async function tellWhoLeft(ports: CloseRoomPorts, left: readonly LeftRoom[]): Promise<void> {
  await forEachConcurrent(chunk(left, roomsInPart), partsAtOnce, (part) => tellInRooms(ports, part));
}

async function tellInRooms(ports: CloseRoomPorts, left: readonly LeftRoom[]): Promise<void> {
  const roomIds = left.map(([roomId]) => roomId);
  const heads = await ports.rooms.heads(roomIds, { consistent: true });
  const find = async (rooms: readonly LeftRoom[]): Promise<Leave[]> => {
    const found = await Promise.all(
      rooms.map(([roomId, sockets]) => findLeaves(ports, heads.get(roomId), sockets)),
    );
    return found.flat();
  };
  const leaves = await find(left);
  const isOne = left.flatMap(([, sockets]) => sockets).length === 1;
  // Each by itself: a socket that one does not reach is told the others.
  await forEachConcurrent(
    isOne ? leaves : await amongThoseThere(ports, left, leaves, find),
    leavesAtOnce,
    (leave) => fanOut(ports, leave.others, [leave.event]),
  );
}

/** Judged anew once it is known who is there: meanwhile, many of those who left came back. */
async function amongThoseThere(
  { connections }: CloseRoomPorts,
  left: readonly LeftRoom[],
  leaves: readonly Leave[],
  find: (rooms: readonly LeftRoom[]) => Promise<Leave[]>,
): Promise<Leave[]> {
  const ids = new Set(leaves.flatMap(({ others }) => others.map(({ connectionId }) => connectionId)));
  // Whoever cannot be looked for is told.
  const there = await connections.there([...ids]).catch(() => ids);
  const toThoseThere = (all: readonly Leave[]): Leave[] =>
    all
      .map(({ event, others }) => ({
        event,
        others: others.filter(({ connectionId }) => there.has(connectionId)),
      }))
      .filter(({ others }) => others.length > 0);
  const rooms = new Set(toThoseThere(leaves).map(({ event }) => event.room_id));
  return toThoseThere(await find(left.filter(([roomId]) => rooms.has(roomId))));
}

async function findLeaves(
  ports: CloseRoomPorts,
  head: Head | undefined,
  sockets: readonly Leaver[],
): Promise<Leave[]> {
  if (head === undefined || !tellsPresence(head.shards)) return [];
  const { roomId: room_id, shards } = head;
  const subscribers = await readSubscribers(ports, room_id, shards);
  const now = ports.clock.now();
  const users = new Map(
    sockets
      .filter((socket) => !hasOther(subscribers, socket, now))
      .map((socket) => [socket.userId, socket.username]),
  );
  const others = subscribers.filter((other) => !users.has(other.userId) && isAlive(other, now));
  if (others.length === 0) return [];
  return [...users].map(([user_id, username]) => ({
    event: { type: 'user_leave', user_id, username, room_id },
    others,
  }));
}
