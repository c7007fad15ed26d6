/**
 * Opens a connection at its handshake. It is registered under its user before the handshake is answered, and only then is
 * it checked whether its session has ended or the user has too many connections. A sign-out is recorded first and looks for
 * connections then, so one of the two sees the other, however late the welcome is.
 */
import { ChatError } from '../chat-error.ts';
import type { Caller } from '../model/accounts.ts';
import type { Connection, OpenRoom } from '../model/connections.ts';
import type { AdmissionStore, ConnectionStore, SubscriptionStore } from '../ports/sockets.ts';
import { assertConnectionAllowed, enforceConnectionLimit } from '../rate-limits/connections-per-user.ts';
import { openingCharge, openingSurcharge } from '../rate-limits/charges.ts';
import type { UserBudget } from '../rate-limits/user-budget.ts';
import type { CreateRoomPorts } from '../rooms/create-room.ts';
import type { RoomAccess } from '../rooms/find-room.ts';
import { joinsByOpening } from '../rooms/membership/join-room.ts';
import { endConnection } from './extend-connection.ts';
import { createIfMissing, findRoomByName, likelyRoomId } from './find-room-by-name.ts';
import { maxConnectionMs } from './planned-reconnect.ts';
import { subscriberOf } from './subscribers.ts';
import { waitForAll } from '../wait-for-all.ts';

export interface OpenConnectionInput {
  connectionId: string;
  /** The name or id of the room to open; undefined for a socket that joins rooms later. */
  room: string | undefined;
  after: number | undefined;
  history: number;
  batch: boolean;
  /** Whether a socket without a room receives `room_activity`. */
  inbox?: boolean;
}

export interface OpenConnectionPorts extends CreateRoomPorts {
  connections: Pick<ConnectionStore, 'open' | 'filterExisting' | 'end' | 'remove'>;
  subscriptions: Pick<SubscriptionStore, 'shard' | 'add' | 'remove' | 'end'>;
  admissions: AdmissionStore;
  budget: Pick<UserBudget, 'spend' | 'charge'>;
}

export interface OpenConnectionSettings {
  /** Whether opening an unknown name creates a public room. */
  mayCreateRooms: boolean;
  /** Zero for no limit. */
  connectionsPerUser: number;
}

/**
 * Costs three requests one after the other when this instance has seen the room's name before, or it is an id: the session
 * with the room, the connection, and the check. Otherwise one more request finds the room.
 * @throws ChatError `unauthorized` for a session that has ended, `rate_limited` for a user with too many connections or
 * handshakes, `forbidden`, `not_found`, `room_unavailable`.
 */
export async function openConnection(
  ports: OpenConnectionPorts,
  caller: Caller,
  input: OpenConnectionInput,
  { mayCreateRooms, connectionsPerUser }: OpenConnectionSettings,
): Promise<Connection> {
  const now = ports.clock.now();
  const { room: name } = input;
  const hasInbox = input.inbox === true && name === undefined;
  const likelyId = name === undefined ? undefined : likelyRoomId(ports, name);
  const finding =
    name === undefined || likelyId !== undefined ? undefined : findRoomByName(ports, caller, name);
  const [{ isRevoked, access: prefetched }] = await waitForAll([
    ports.admissions.get(caller, likelyId),
    ports.budget.spend(caller.userId, openingCharge(input.history, hasInbox)),
    // Its error is thrown below, once the session has been checked: a caller without a session must not learn anything
    // about the room.
    finding?.catch(() => undefined),
  ]);
  if (isRevoked) throw new ChatError('unauthorized');
  const access = name === undefined ? undefined : await findOrCreate(name);
  const connection: Connection = {
    connectionId: input.connectionId,
    userId: caller.userId,
    username: caller.username,
    sessionId: caller.sessionId,
    tokenVersion: caller.tokenVersion,
    openedAtMs: now,
    tokenEndsAtMs: caller.tokenEndsAtMs,
    leaseEndsAtMs: now + maxConnectionMs,
    isSingleRoom: access !== undefined,
    rooms: access === undefined ? {} : { [access.room.roomId]: chooseShard(ports, access) },
    batch: input.batch,
    ...(hasInbox ? { inbox: true } : {}),
    ...(input.after === undefined ? {} : { after: input.after }),
    history: input.history,
    ...(access === undefined ? {} : { head: { seq: access.head.seq, shards: access.head.shards } }),
    ...(access !== undefined && joinsByOpening(access) ? { joinsRoom: true } : {}),
  };
  async function findOrCreate(roomName: string): Promise<RoomAccess> {
    const found = await (finding ?? findRoomByName(ports, caller, roomName, prefetched ?? 'absent'));
    // Checked before a room is created for a socket that would be refused.
    if (found === undefined) await assertConnectionAllowed(ports, caller.userId, now, connectionsPerUser);
    return createIfMissing(ports, caller, roomName, { found, mayCreate: mayCreateRooms });
  }
  // If one of these fails, the handshake fails too. The welcome then finds no socket, and removes the connection.
  await waitForAll([
    ports.connections.open(connection),
    ports.subscriptions.add(caller.userId, subscriberOf(connection, 0, now)),
    access === undefined ? undefined : ports.budget.charge(caller.userId, openingSurcharge(access.head)),
  ]);
  await checkRegistered(ports, connection, connectionsPerUser);
  return connection;
}

/** Checks the session and the limit of connections after the registration, which is removed when a check fails. */
async function checkRegistered(
  ports: OpenConnectionPorts,
  connection: Connection,
  maxConnections: number,
): Promise<void> {
  const { connectionId, ...holder } = connection;
  const { userId } = holder;
  const now = ports.clock.now();
  try {
    const [{ isRevoked }, surplus] = await waitForAll([
      ports.admissions.get(holder, undefined),
      enforceConnectionLimit(ports, { userId, connectionId, now, maxConnections }),
    ]);
    if (isRevoked) throw new ChatError('unauthorized');
    await waitForAll(surplus.map((newer) => endConnection(ports, { ...newer, rooms: {} }, 'too_many', now)));
  } catch (error) {
    await waitForAll([
      ports.connections.remove(connectionId),
      ports.subscriptions.remove({ topic: userId, shard: 0, connectionId }),
    ]);
    throw error;
  }
}

/** Returns the room as a connection opens it, on a random shard: readers read all of them. */
export function chooseShard(
  { random }: Pick<CreateRoomPorts, 'random'>,
  { room, head }: RoomAccess,
): OpenRoom {
  return { name: room.name, shard: random.integer(head.shards) };
}
