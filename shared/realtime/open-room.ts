/**
 * Opening a room on a socket: `ready`, who is here, the history; and `user_join` to the others. The socket joins
 * the subscribers between its first frames and the reading of the log, so that an entry is either read or posted.
 */
import { limits } from '../contract/limits.ts';
import type { ServerEvent } from '../contract/websocket/events.ts';
import { isAllowed, kindOf, standingOf } from '../domain/access.ts';
import {
  hasOther,
  isAlive,
  readSubscribers,
  shardsFor,
  tellsPresence,
  usersPresent,
} from '../domain/connections/subscribers.ts';
import { arrivesTooOften } from '../domain/rate-limits/arrivals.ts';
import { subscriberOf } from '../domain/connections/subscriber-of.ts';
import type { LimitStore } from '../domain/ports/accounts.ts';
import type { ReadPorts } from '../domain/messages/read-log.ts';
import { readingBudgets } from '../domain/messages/reading-budget.ts';
import type { Connection, Head, Subscriber, OpenRoom } from '../domain/model.ts';
import type { RoomStore } from '../domain/ports/rooms.ts';
import type {
  Admission,
  AdmissionStore,
  SubscriptionStore,
  ConnectionStore,
} from '../domain/ports/sockets.ts';
import type { PostOutcome } from './connection-gateway.ts';
import { fanOut, type FanOutPorts } from './fan-out.ts';
import { ready, roomUsersList } from './frames.ts';
import { historyEvents, type HistoryRequest } from './send-history.ts';
import { sendInOrder } from './send-in-order.ts';

export interface OpenRoomPorts extends FanOutPorts, ReadPorts {
  rooms: Pick<RoomStore, 'addShards'>;
  subscriptions: SubscriptionStore;
  admissions: AdmissionStore;
  connections: Pick<ConnectionStore, 'remove' | 'renameOpenRoom'>;
  limits: Pick<LimitStore, 'hit' | 'takeBack'>;
  settings: FanOutPorts['settings'] & { arrivalsPerWindow: number };
}

export interface RoomOpening {
  connection: Connection;
  roomId: string;
  room: OpenRoom;
  /** As whoever let the socket in saw it. */
  head: Pick<Head, 'seq' | 'shards'>;
  history: HistoryRequest;
  heartbeatSeconds: number;
  /** The socket has just opened, and its handshake may not have been answered yet: then posts do not reach it. */
  isNew: boolean;
}

/**
 * `refused`: the room is gone, the user no longer belongs to it, or the connection was ended. `gone`: the socket is, or it
 * left the room. `unheard`: its first frames may not have reached it, and it is in no subscribers. `too_often`: its user
 * arrived in this room too often, and it is in no subscribers. Otherwise the outcome of the posts.
 */
export type Opened = PostOutcome | 'refused' | 'unheard' | 'too_often';

export async function openRoom(
  ports: OpenRoomPorts,
  { connection, roomId, room, head, history, heartbeatSeconds, isNew }: RoomOpening,
): Promise<Opened> {
  const now = ports.clock.now();
  const { userId } = connection;
  const before = await readSubscribers(ports, roomId, head.shards);
  const isArrival =
    tellsPresence(head.shards) && !hasOther(before, { connectionId: connection.connectionId, userId }, now);
  const mayArrive = async (): Promise<boolean> =>
    !isArrival || !(await arrivesTooOften(ports, roomId, userId));
  if (!isNew && !(await mayArrive())) return 'too_often';
  const users = usersPresent([...before, subscriberOf(connection, room.shard, now)], now);
  const welcome = await sendInOrder(ports, connection, [
    ready(connection, { roomId, name: room.name, head }, { heartbeatSeconds, now, ref: history.ref }),
    roomUsersList(roomId, users),
  ]);
  if (welcome !== 'sent') return welcome === 'failed' ? 'unheard' : welcome;
  // Only now that its handshake is known to be over: before, it is welcomed again and again.
  if (isNew && !(await mayArrive())) return 'too_often';

  const joinedAt = ports.clock.now();
  const { joinReceivedAt } = room;
  const noted = (current: Connection): Subscriber => ({
    ...subscriberOf(current, room.shard, joinedAt),
    ...(joinReceivedAt === undefined ? {} : { joinReceivedAt }),
  });
  // All of it is read after joining. Whoever takes a right away, closes the socket or leaves the room first notes it
  // and then clears the subscribers, so one of the two sees the other; of two who come at once, the later sees both.
  let seeing: Promise<Subscriber[]> | undefined;
  const admission = await noteUntilCurrent(ports, connection, roomId, async (current) => {
    await ports.subscriptions.add(roomId, noted(current));
    seeing ??= tellsPresence(head.shards)
      ? readSubscribers(ports, roomId, head.shards)
      : Promise.resolve([...before, noted(current)]);
    // Waited for below, unless the socket is not let in.
    seeing.catch(() => undefined);
  });
  const current = admission.connection;
  const open = current?.rooms[roomId];
  const sight = admittedSight(admission, connection);
  if (sight === undefined || current === undefined || open === undefined || open.isRemoved === true) {
    await ports.subscriptions.remove(roomId, room.shard, connection.connectionId);
    const isRefused = sight === undefined || open?.isRemoved === true;
    return isRefused && current !== undefined ? 'refused' : 'gone';
  }
  const subscriber = noted(current);
  const seen = (await seeing) ?? [];
  const subscribers = [...seen, ...(await readSubscribers(ports, roomId, sight.head.shards, head.shards))];
  const changes = await sendInOrder(
    ports,
    connection,
    changesBetween(users, subscribers, roomId, ports.clock.now()),
  );
  if (changes !== 'sent') return changes;
  // A socket that has just opened is welcomed by the function that serves the stream, where others wait.
  const budget = isNew ? readingBudgets.welcome : readingBudgets.answer;
  const { name } = sight.room;
  // Renamed since the socket was let in, or since it opened the room before: `ready` says it again where it was wrong.
  if (current.rooms[roomId]?.name !== name)
    await ports.connections.renameOpenRoom(connection.connectionId, roomId, name);
  const renamed =
    room.name === name ? [] : [ready(connection, { roomId, name, head }, { heartbeatSeconds, now })];
  const [outcome] = await Promise.all([
    historyEvents(ports, sight.head, history, budget).then((events) =>
      sendInOrder(ports, connection, [...renamed, ...events]),
    ),
    announce(ports, roomId, sight.head, subscribers, subscriber),
  ]);
  return outcome;
}

/** A socket that pings all the time is not waited for for ever. */
const maxRounds = 5;

/**
 * Notes the socket where others look for it, and reads what lets it in, until what was noted is what the socket is: a
 * command may have changed its session, its token or its lease meanwhile, and found nothing noted to change.
 */
export async function noteUntilCurrent(
  { admissions }: { admissions: AdmissionStore },
  connection: Connection,
  roomId: string | undefined,
  note: (current: Connection) => Promise<void>,
): Promise<Admission> {
  let noted = connection;
  for (let round = 1; ; round += 1) {
    await note(noted);
    const admission = await admissions.get(noted, roomId);
    const { connection: current } = admission;
    if (current === undefined || isSameGrant(noted, current) || round === maxRounds) return admission;
    noted = current;
  }
}

function isSameGrant(one: Connection, other: Connection): boolean {
  return (
    one.sessionId === other.sessionId &&
    one.tokenEndsAt === other.tokenEndsAt &&
    one.leaseEndsAt === other.leaseEndsAt &&
    one.ended === other.ended
  );
}

/** The room as it is now, if it still admits the user. Its head is as new, so the history reaches up to whatever is not posted. */
function admittedSight(
  { sight, isRevoked, connection }: Admission,
  { userId }: Connection,
): NonNullable<Admission['sight']> | undefined {
  if (sight === undefined || isRevoked || connection?.ended !== undefined) return undefined;
  const { room, member } = sight;
  return isAllowed('openSocket', kindOf(room), standingOf(room, userId, member)) ? sight : undefined;
}

/**
 * Who came and went while this socket was on its way in: they may have looked before it was in the subscribers, and so
 * told it nothing. Somebody may be told twice, and nobody is missing from the list.
 */
function changesBetween(
  listed: { id: string; username: string }[],
  subscribers: Subscriber[],
  roomId: string,
  now: number,
): ServerEvent[] {
  if (listed.length > limits.roomUsersListed) return [];
  const present = usersPresent(subscribers, now);
  return [
    ...present
      .filter(notIn(listed))
      .map(({ id, username }) => ({ type: 'user_join' as const, user_id: id, username, room_id: roomId })),
    ...listed
      .filter(notIn(present))
      .map(({ id, username }) => ({ type: 'user_leave' as const, user_id: id, username, room_id: roomId })),
  ];
}

function notIn(users: { id: string }[]): (user: { id: string }) => boolean {
  const ids = new Set(users.map(({ id }) => id));
  return ({ id }) => !ids.has(id);
}

/** To the others, and only for the user's first socket here. */
async function announce(
  ports: OpenRoomPorts,
  roomId: string,
  head: Head,
  subscribers: Subscriber[],
  subscriber: Subscriber,
): Promise<void> {
  await spread(ports, roomId, head, subscribers.length);
  const now = ports.clock.now();
  if (!tellsPresence(head.shards) || hasOther(subscribers, subscriber, now, subscriber)) return;
  const others = subscribers.filter((other) => other.userId !== subscriber.userId && isAlive(other, now));
  const { userId: user_id, username } = subscriber;
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
  if (shards > head.shards) await rooms.addShards(roomId, head.shards, shards);
}
