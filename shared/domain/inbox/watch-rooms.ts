/**
 * Watches rooms for users whose sockets receive `room_activity`. A room's head tells its writers that it is watched, so a
 * room that is not watched pays nothing. Watches expire by themselves, and end at the first activity that reaches no socket
 * (`realtime/inbox/end-watches.ts`), so opening a socket again soon costs no writes.
 */
import * as limits from '../../contract/limits.ts';
import { chunk } from '../chunk.ts';
import { maxConnectionMs } from '../connections/planned-reconnect.ts';
import { isAlive, readUserConnections } from '../connections/subscribers.ts';
import type { Subscriber } from '../model/connections.ts';
import type { Head } from '../model/rooms.ts';
import type { InboxStore } from '../ports/inbox.ts';
import type { MemberStore, RoomStore } from '../ports/rooms.ts';
import type { SubscriptionStore } from '../ports/sockets.ts';
import type { Clock } from '../ports/system.ts';
import { waitForAll } from '../wait-for-all.ts';

export interface WatchPorts {
  inbox: Pick<InboxStore, 'watchesOf' | 'watch' | 'setWatched'>;
  rooms: Pick<RoomStore, 'getMany' | 'heads'>;
  clock: Clock;
}

export interface WatchNewMembershipPorts extends WatchPorts {
  subscriptions: Pick<SubscriptionStore, 'shard'>;
}

/** No socket lives longer than a third of this, so one watch serves several sockets that follow one another. */
const watchMs = 6 * 3_600_000;

const maxConcurrentWrites = 25;

export function isWatched({ watchedUntilMs = 0 }: Pick<Head, 'watchedUntilMs'>, now: number): boolean {
  return watchedUntilMs > now;
}

/** Whether the socket receives `room_activity`. */
export function isInboxSocket(
  socket: Pick<Subscriber, 'inbox' | 'isSingleRoom' | 'leaseEndsAtMs' | 'tokenEndsAtMs' | 'ended'>,
  now: number,
): boolean {
  return socket.inbox === true && !socket.isSingleRoom && socket.ended === undefined && isAlive(socket, now);
}

/** Watches the rooms of a user. The socket must be registered as one that receives `room_activity` before. */
export async function watchRoomsOf(
  ports: WatchPorts & { members: Pick<MemberStore, 'listOfUser'> },
  userId: string,
): Promise<void> {
  const { items } = await ports.members.listOfUser(userId, limits.inboxRooms, undefined);
  await watchRooms(
    ports,
    userId,
    items.map(({ roomId }) => roomId),
  );
}

/** Watches a room that its user has just become a member of, if a socket of the user receives `room_activity`. */
export async function watchNewMembership(
  ports: WatchNewMembershipPorts,
  userId: string,
  roomId: string,
): Promise<void> {
  await watchRoomForSockets(ports, userId, roomId, await readUserConnections(ports, userId));
}

/** The same for sockets of the user that were read after the membership was stored. */
export async function watchRoomForSockets(
  ports: WatchPorts,
  userId: string,
  roomId: string,
  sockets: readonly Subscriber[],
): Promise<void> {
  const now = ports.clock.now();
  if (sockets.some((socket) => isInboxSocket(socket, now))) await watchRooms(ports, userId, [roomId]);
}

/**
 * Stores the missing watches, and only then reads the heads: ending the last watch of a room clears the head first and
 * reads the watches again then, so one of the two sees the other.
 */
async function watchRooms(ports: WatchPorts, userId: string, roomIds: string[]): Promise<void> {
  const { inbox, rooms, clock } = ports;
  const found = await rooms.getMany(roomIds);
  const watched = [...found.values()]
    .filter(({ memberCount }) => memberCount <= limits.inboxRoomMembers)
    .map(({ roomId }) => roomId);
  const now = clock.now();
  const [neededMs, untilMs] = [now + maxConnectionMs, now + watchMs];
  const known = await inbox.watchesOf(userId, watched);
  const missing = watched.filter((roomId) => (known.get(roomId) ?? 0) < neededMs);
  await inGroups(missing, (roomId) => inbox.watch(roomId, { userId, untilMs }));
  const heads = await rooms.heads(watched, { consistent: true });
  const unaware = [...heads.values()].filter((head) => !isWatched(head, neededMs));
  await inGroups(unaware, ({ roomId }) => inbox.setWatched(roomId, untilMs));
}

async function inGroups<T>(all: readonly T[], run: (one: T) => Promise<void>): Promise<void> {
  for (const group of chunk(all, maxConcurrentWrites)) await waitForAll(group.map(run));
}
