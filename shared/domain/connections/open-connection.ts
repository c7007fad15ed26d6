/**
 * Opening a socket. Its connection is registered under its user before the handshake is answered, and only then is it
 * looked up whether its session has ended or the user has too many: a sign-out is recorded first and looks for
 * connections then, so one of the two sees the other, however late the welcome is.
 */
import { ChatError } from '../chat-error.ts';
import type { Caller, Connection } from '../model.ts';
import type { AdmissionStore, SubscriptionStore, ConnectionStore } from '../ports/sockets.ts';
import { openingCharge, openingSurcharge } from '../rate-limits/charges.ts';
import type { UserBudget } from '../rate-limits/user-budget.ts';
import { joinsByOpening } from '../rooms/ensure-member.ts';
import type { CreatePorts } from '../rooms/create-room.ts';
import type { RoomAccess } from '../rooms/find-room.ts';
import { enforceConnectionLimit, assertConnectionAllowed } from '../rate-limits/connections-per-user.ts';
import { endConnection } from './extend-connection.ts';
import { findRoomByName, likelyRoomId, orMakeRoom } from './find-room-by-name.ts';
import { subscriberOf } from './subscribers.ts';

/** The gateway cuts every connection after two hours, so nobody is believed alive for longer than a little more. */
const maxConnectionMs = (2 * 60 + 5) * 60 * 1_000;

export interface Opening {
  connectionId: string;
  room: string | undefined;
  after: number | undefined;
  history: number;
  batch: boolean;
}

export interface OpenPorts extends CreatePorts {
  connections: Pick<ConnectionStore, 'open' | 'filterExisting' | 'end' | 'remove'>;
  subscriptions: Pick<SubscriptionStore, 'shard' | 'add' | 'remove' | 'end'>;
  admissions: AdmissionStore;
  budget: Pick<UserBudget, 'spend' | 'charge'>;
}

export interface OpenSettings {
  mayMakeRooms: boolean;
  /** Zero for no limit. */
  connectionsPerUser: number;
}

/**
 * Three requests one after the other when this instance met the room's name before, or it is an id, and it still leads
 * there: who and where, the connection, whether it may stay. Otherwise the room comes between.
 * @throws ChatError `unauthorized` for a session that has ended, `rate_limited` for a user with too many sockets or
 * handshakes, `forbidden`, `not_found`, `room_unavailable`.
 */
export async function openConnection(
  ports: OpenPorts,
  caller: Caller,
  opening: Opening,
  { mayMakeRooms, connectionsPerUser }: OpenSettings,
): Promise<Connection> {
  const now = ports.clock.now();
  const { room: name } = opening;
  const likely = name === undefined ? undefined : likelyRoomId(ports, name);
  const looking =
    name === undefined || likely !== undefined ? undefined : findRoomByName(ports, caller, name);
  // What is wrong with the room is told only to somebody who may come at all.
  looking?.catch(() => undefined);
  const [{ isRevoked, access }] = await Promise.all([
    ports.admissions.get(caller, likely),
    ports.budget.spend(caller.userId, openingCharge(opening.history)),
  ]);
  if (isRevoked) throw new ChatError('unauthorized');
  const found = name === undefined ? undefined : await findOrMake(name);
  const connection: Connection = {
    connectionId: opening.connectionId,
    userId: caller.userId,
    username: caller.username,
    sessionId: caller.sessionId,
    tokenVersion: caller.tokenVersion,
    openedAt: now,
    tokenEndsAt: caller.tokenEndsAt,
    leaseEndsAt: now + maxConnectionMs,
    isSingleRoom: found !== undefined,
    rooms: found === undefined ? {} : { [found.room.roomId]: chooseShard(ports, found) },
    batch: opening.batch,
    ...(opening.after === undefined ? {} : { after: opening.after }),
    history: opening.history,
    ...(found === undefined ? {} : { head: { seq: found.head.seq, shards: found.head.shards } }),
    ...(found !== undefined && joinsByOpening(found) ? { joinsRoom: true } : {}),
  };
  async function findOrMake(wanted: string): Promise<RoomAccess> {
    const existing = await (looking ?? findRoomByName(ports, caller, wanted, access ?? 'absent'));
    // Before a room is made for a socket that will be refused.
    if (existing === undefined) await assertConnectionAllowed(ports, caller.userId, now, connectionsPerUser);
    return orMakeRoom(ports, caller, wanted, mayMakeRooms, existing);
  }
  // Should one fail, the handshake does too; the welcome finds no socket at the other end, and removes the connection.
  await Promise.all([
    ports.connections.open(connection),
    ports.subscriptions.add(caller.userId, subscriberOf(connection, 0, now)),
    found === undefined ? undefined : ports.budget.charge(caller.userId, openingSurcharge(found.head)),
  ]);
  await mayStay(ports, connection, connectionsPerUser);
  return connection;
}

/** Removes it again where it may not. */
async function mayStay(ports: OpenPorts, connection: Connection, most: number): Promise<void> {
  const { connectionId, ...holder } = connection;
  const { userId } = holder;
  const now = ports.clock.now();
  try {
    const [{ isRevoked }, surplus] = await Promise.all([
      ports.admissions.get(holder, undefined),
      enforceConnectionLimit(ports, { userId, connectionId, now, maxConnections: most }),
    ]);
    if (isRevoked) throw new ChatError('unauthorized');
    await Promise.all(surplus.map((newer) => endConnection(ports, { ...newer, rooms: {} }, 'too_many', now)));
  } catch (error) {
    await Promise.all([
      ports.connections.remove(connectionId),
      ports.subscriptions.remove(userId, 0, connectionId),
    ]);
    throw error;
  }
}

/** Any shard will do, since readers read them all. */
export function chooseShard({ random }: Pick<CreatePorts, 'random'>, { room, head }: RoomAccess) {
  return { name: room.name, shard: random.integer(head.shards) };
}
