/** Publishes presence: `user_join` for a user's first connection in a room, `user_leave` after the last one. */
import type { ServerEvent } from '../contract/websocket/events.ts';
import * as limits from '../contract/limits.ts';
import { chunk } from '../domain/chunk.ts';
import {
  hasOtherConnection,
  publishesPresence,
  usersPresent,
  type PresentUser,
} from '../domain/connections/presence.ts';
import { isAlive, readSubscribers } from '../domain/connections/subscribers.ts';
import type { Connection, Subscriber } from '../domain/model/connections.ts';
import type { Head } from '../domain/model/rooms.ts';
import type { RoomStore } from '../domain/ports/rooms.ts';
import type { ConnectionStore, SubscriptionStore } from '../domain/ports/sockets.ts';
import { waitForAll } from '../domain/wait-for-all.ts';
import { fanOut, type FanOutPorts } from './fan-out.ts';
import { forEachConcurrent } from './for-each-concurrent.ts';

/** Publishes `user_join` to the other users of a room, if this is the user's first connection there. */
export async function publishUserJoin(
  ports: FanOutPorts,
  { roomId, shards }: Pick<Head, 'roomId' | 'shards'>,
  subscribers: Subscriber[],
  subscriber: Subscriber,
): Promise<void> {
  const now = ports.clock.now();
  if (!publishesPresence(shards) || hasOtherConnection(subscribers, subscriber, now, subscriber)) return;
  const { userId, username } = subscriber;
  const others = subscribers.filter((other) => other.userId !== userId && isAlive(other, now));
  await fanOut(ports, others, [userJoin(roomId, { id: userId, username })]);
}

/**
 * Returns the presence events that bring a list of users, which was sent earlier, up to date. Users who came or went while
 * a socket was opening may have read the subscribers before it was one of them, and so have published nothing to it. An
 * event may be repeated, but no user is missing.
 */
export function presenceChanges(
  roomId: string,
  listed: PresentUser[],
  subscribers: Subscriber[],
  now: number,
): ServerEvent[] {
  if (listed.length > limits.roomUsersListed) return [];
  const present = usersPresent(subscribers, now);
  return [
    ...without(present, listed).map((user) => userJoin(roomId, user)),
    ...without(listed, present).map((user) => userLeave(roomId, user)),
  ];
}

function without(users: PresentUser[], excluded: PresentUser[]): PresentUser[] {
  const ids = new Set(excluded.map(({ id }) => id));
  return users.filter(({ id }) => !ids.has(id));
}

type UserLeave = Extract<ServerEvent, { type: 'user_leave' }>;

function userJoin(roomId: string, { id, username }: PresentUser): ServerEvent {
  return { type: 'user_join', user_id: id, username, room_id: roomId };
}

function userLeave(roomId: string, { id, username }: PresentUser): UserLeave {
  return { type: 'user_leave', user_id: id, username, room_id: roomId };
}

export interface LeavePorts extends FanOutPorts {
  rooms: Pick<RoomStore, 'heads'>;
  subscriptions: Pick<SubscriptionStore, 'shard'>;
  connections: Pick<ConnectionStore, 'remove' | 'filterExisting'>;
}

type LeavingSocket = Pick<Connection, 'connectionId' | 'userId' | 'username'>;

/** A room with the sockets that are no longer subscribed to it. */
export type LeftRoom = readonly [roomId: string, sockets: readonly LeavingSocket[]];

interface Leave {
  event: UserLeave;
  recipients: Subscriber[];
}

const roomsPerChunk = 16;
const maxConcurrentChunks = 4;
const maxConcurrentLeaves = 4;

/**
 * Publishes `user_leave` for each user whose last socket left a room. The sockets must be unsubscribed already. Where
 * several sockets left together, the remaining subscribers may be about to leave too, so the event is posted only to those
 * whose connections exist: one request for all of them costs less than a post to every closed socket and its removal.
 */
export async function publishUserLeaves(ports: LeavePorts, left: readonly LeftRoom[]): Promise<void> {
  await forEachConcurrent(chunk(left, roomsPerChunk), maxConcurrentChunks, (rooms) =>
    publishLeavesOf(ports, rooms),
  );
}

async function publishLeavesOf(ports: LeavePorts, left: readonly LeftRoom[]): Promise<void> {
  const roomIds = left.map(([roomId]) => roomId);
  const heads = await ports.rooms.heads(roomIds, { consistent: true });
  const find = async (rooms: readonly LeftRoom[]): Promise<Leave[]> => {
    const found = await waitForAll(
      rooms.map(([roomId, sockets]) => findLeaves(ports, heads.get(roomId), sockets)),
    );
    return found.flat();
  };
  const leaves = await find(left);
  const isSingle = left.flatMap(([, sockets]) => sockets).length === 1;
  // One fan-out for each leave: a socket that misses one of them still receives the others.
  await forEachConcurrent(
    isSingle ? leaves : await toExistingConnections(ports, left, leaves, find),
    maxConcurrentLeaves,
    ({ event, recipients }) => fanOut(ports, recipients, [event]),
  );
}

/** Finds the leaves again once the existing connections are known, because users may have come back in the meantime. */
async function toExistingConnections(
  { connections, logger }: LeavePorts,
  left: readonly LeftRoom[],
  leaves: readonly Leave[],
  find: (rooms: readonly LeftRoom[]) => Promise<Leave[]>,
): Promise<Leave[]> {
  const ids = new Set(leaves.flatMap(({ recipients }) => recipients.map(({ connectionId }) => connectionId)));
  const existing = await connections.filterExisting([...ids]).catch((error: unknown) => {
    // Only costs posts to closed sockets: every subscriber is posted to as if its connection existed.
    logger.warn('Existing connections were not looked up before publishing user_leave', { error });
    return ids;
  });
  const keepExisting = (all: readonly Leave[]): Leave[] =>
    all
      .map(({ event, recipients }) => ({
        event,
        recipients: recipients.filter(({ connectionId }) => existing.has(connectionId)),
      }))
      .filter(({ recipients }) => recipients.length > 0);
  const roomIds = new Set(keepExisting(leaves).map(({ event }) => event.room_id));
  return keepExisting(await find(left.filter(([roomId]) => roomIds.has(roomId))));
}

async function findLeaves(
  ports: LeavePorts,
  head: Head | undefined,
  sockets: readonly LeavingSocket[],
): Promise<Leave[]> {
  if (head === undefined || !publishesPresence(head.shards)) return [];
  const subscribers = await readSubscribers(ports, head.roomId, head.shards);
  const now = ports.clock.now();
  const users = new Map(
    sockets
      .filter((socket) => !hasOtherConnection(subscribers, socket, now))
      .map((socket) => [socket.userId, socket.username]),
  );
  const recipients = subscribers.filter((other) => !users.has(other.userId) && isAlive(other, now));
  if (recipients.length === 0) return [];
  return [...users].map(([id, username]) => ({
    event: userLeave(head.roomId, { id, username }),
    recipients,
  }));
}
