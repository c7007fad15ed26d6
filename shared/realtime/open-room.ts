/**
 * Opens a room on a socket: sends `ready`, the users present and the history, and publishes `user_join`. The socket is
 * subscribed after its first frames and before the log is read, so that each entry is either read or posted to it.
 */
import { hasOtherConnection, publishesPresence, usersPresent } from '../domain/connections/presence.ts';
import { readSubscribers, shardsFor, subscriberOf } from '../domain/connections/subscribers.ts';
import { readingBudgets } from '../domain/messages/reading-budget.ts';
import type { Connection, OpenRoom, Subscriber } from '../domain/model/connections.ts';
import type { Head } from '../domain/model/rooms.ts';
import type { LimitStore } from '../domain/ports/accounts.ts';
import type { RoomStore } from '../domain/ports/rooms.ts';
import type { AdmissionStore, ConnectionStore, SubscriptionStore } from '../domain/ports/sockets.ts';
import { arrivesTooOften } from '../domain/rate-limits/arrivals.ts';
import type { RoomAccess } from '../domain/rooms/find-room.ts';
import { waitForAll } from '../domain/wait-for-all.ts';
import { admittedRoom, registerUntilCurrent } from './admit-socket.ts';
import type { PostOutcome } from './connection-gateway.ts';
import type { FanOutPorts } from './fan-out.ts';
import { ready, roomUsersList } from './frames.ts';
import { presenceChanges, publishUserJoin } from './presence.ts';
import { sendInOrder } from './send-events.ts';
import { historyEvents, type HistoryPorts, type HistoryRequest } from './send-history.ts';

export interface OpenRoomPorts extends FanOutPorts, HistoryPorts {
  rooms: Pick<RoomStore, 'addShards'>;
  subscriptions: SubscriptionStore;
  admissions: AdmissionStore;
  connections: Pick<ConnectionStore, 'remove' | 'updateRoom'>;
  limits: Pick<LimitStore, 'hit' | 'refund'>;
  settings: FanOutPorts['settings'] & { arrivalsPerWindow: number };
}

export interface OpenRoomInput {
  connection: Connection;
  roomId: string;
  room: OpenRoom;
  /** The head as it was when the socket's access was checked. */
  head: Pick<Head, 'seq' | 'shards'>;
  history: HistoryRequest;
  heartbeatSeconds: number;
  /** The socket has just opened. Its handshake may not have been answered yet, and no post reaches it until then. */
  isNew: boolean;
}

/**
 * The outcome of opening a room: that of the posts, or
 * - `refused`: the room is gone, the user no longer belongs to it, or the connection was ended;
 * - `gone`: the socket is closed, or it left the room;
 * - `not_reached`: its first frames may not have reached it, and it is not subscribed;
 * - `too_often`: its user arrived in this room too often, and it is not subscribed.
 */
export type OpenRoomOutcome = PostOutcome | 'refused' | 'not_reached' | 'too_often';

export async function openRoom(ports: OpenRoomPorts, input: OpenRoomInput): Promise<OpenRoomOutcome> {
  const { connection, roomId, room, head, history, heartbeatSeconds, isNew } = input;
  const now = ports.clock.now();
  const { connectionId, userId } = connection;
  const before = await readSubscribers(ports, roomId, head.shards);
  const isArrival =
    publishesPresence(head.shards) && !hasOtherConnection(before, { connectionId, userId }, now);
  const mayArrive = async (): Promise<boolean> =>
    !isArrival || !(await arrivesTooOften(ports, roomId, userId));
  if (!isNew && !(await mayArrive())) return 'too_often';
  const listed = usersPresent([...before, subscriberOf(connection, room.shard, now)], now);
  const welcome = await sendInOrder(ports, connection, [
    ready(connection, { roomId, name: room.name, head }, { heartbeatSeconds, now, ref: history.ref }),
    roomUsersList(roomId, listed),
  ]);
  if (welcome !== 'sent') return welcome === 'failed' ? 'not_reached' : welcome;
  // A new socket is counted only once a post has reached it: until its handshake is answered, its welcome is repeated.
  if (isNew && !(await mayArrive())) return 'too_often';

  const admitted = await subscribe(ports, input, before);
  if (admitted === 'refused' || admitted === 'gone') return admitted;
  const { access, open, subscriber, subscribers } = admitted;
  const changes = presenceChanges(roomId, listed, subscribers, ports.clock.now());
  const sent = await sendInOrder(ports, connection, changes);
  if (sent !== 'sent') return sent;
  // A new socket is welcomed by the function that handles the table stream, where other records wait behind it.
  const budget = isNew ? readingBudgets.welcome : readingBudgets.answer;
  const { name } = access.room;
  if (open.name !== name) await ports.connections.updateRoom(connectionId, roomId, { name });
  // The room was renamed while the socket was opening: `ready` is sent again with the new name.
  const renamed =
    room.name === name ? [] : [ready(connection, { roomId, name, head }, { heartbeatSeconds, now })];
  const [outcome] = await waitForAll([
    historyEvents(ports, access.head, history, budget).then((events) =>
      sendInOrder(ports, connection, [...renamed, ...events]),
    ),
    growShards(ports, access.head, subscribers.length).then(() =>
      publishUserJoin(ports, access.head, subscribers, subscriber),
    ),
  ]);
  return outcome;
}

interface AdmittedSocket {
  access: RoomAccess;
  /** The room as the connection has it open now. */
  open: OpenRoom;
  subscriber: Subscriber;
  /** Every subscriber of the room, this one included. */
  subscribers: Subscriber[];
}

/**
 * Subscribes the socket, and then reads its admission and the subscribers. Whatever ends a right, closes the socket or
 * leaves the room is recorded first and unsubscribes then, so one of the two sees the other; of two sockets that open at
 * the same time, the later one sees both. A socket that is not admitted is unsubscribed again.
 */
async function subscribe(
  ports: OpenRoomPorts,
  { connection, roomId, room, head }: OpenRoomInput,
  before: Subscriber[],
): Promise<AdmittedSocket | 'refused' | 'gone'> {
  const joinedAtMs = ports.clock.now();
  const { joinReceivedAtMs } = room;
  const toSubscriber = (current: Connection): Subscriber => ({
    ...subscriberOf(current, room.shard, joinedAtMs),
    ...(joinReceivedAtMs === undefined ? {} : { joinReceivedAtMs }),
  });
  let reading: Promise<() => Subscriber[]> | undefined;
  const registering = registerUntilCurrent(ports, connection, roomId, async (current) => {
    await ports.subscriptions.add(roomId, toSubscriber(current));
    reading ??= outcomeOf(
      publishesPresence(head.shards)
        ? readSubscribers(ports, roomId, head.shards)
        : Promise.resolve([...before, toSubscriber(current)]),
    );
  });
  const registered = await outcomeOf(registering);
  // Waited for here, since the socket may be refused or its admission not be read.
  const subscribersRead = await reading;
  const admission = registered();
  const current = admission.connection;
  const open = current?.rooms[roomId];
  const access = admittedRoom(admission, connection);
  if (access === undefined || current === undefined || open === undefined || open.isRemoved === true) {
    await ports.subscriptions.remove({
      topic: roomId,
      shard: room.shard,
      connectionId: connection.connectionId,
    });
    const isRefused = access === undefined || open?.isRemoved === true;
    return isRefused && current !== undefined ? 'refused' : 'gone';
  }
  const subscribers = [
    ...(subscribersRead?.() ?? []),
    // Shards that were added since the socket's access was checked.
    ...(await readSubscribers(ports, roomId, access.head.shards, head.shards)),
  ];
  return { access, open, subscriber: toSubscriber(current), subscribers };
}

/** Resolves with a function that returns the value or throws the error, which therefore waits until it is asked for. */
function outcomeOf<T>(promise: Promise<T>): Promise<() => T> {
  return promise.then(
    (value) => () => value,
    (error: unknown) => () => {
      throw error;
    },
  );
}

/** Adds shards to a room whose subscribers have outgrown those that it has. */
async function growShards(
  { rooms }: Pick<OpenRoomPorts, 'rooms'>,
  { roomId, shards }: Head,
  connections: number,
): Promise<void> {
  const needed = shardsFor(connections, shards);
  if (needed > shards) await rooms.addShards(roomId, shards, needed);
}
