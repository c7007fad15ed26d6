/** Opening a socket: one item, from which the welcome and everything else follows. */
import { ChatError } from '../chat-error.ts';
import type { Caller, Connection } from '../model.ts';
import type { MemberStore } from '../ports/rooms.ts';
import type { AdmissionStore, AudienceStore, ConnectionStore } from '../ports/sockets.ts';
import { belong } from '../rooms/belong.ts';
import type { CreatePorts } from '../rooms/create-room.ts';
import type { RoomInSight } from '../rooms/find-room.ts';
import { mustHaveRoomForOneMore } from './connections-per-user.ts';
import { findRoomByName, likelyRoomId, orMakeRoom } from './find-room-by-name.ts';

/** The gateway cuts every connection after two hours, so nobody is believed alive for longer than a little more. */
const longestConnectionMs = (2 * 60 + 5) * 60 * 1_000;

export interface Opening {
  connectionId: string;
  room: string | undefined;
  after: number | undefined;
  history: number;
  batch: boolean;
}

export interface OpenPorts extends CreatePorts {
  connections: Pick<ConnectionStore, 'open'>;
  audiences: Pick<AudienceStore, 'shard'>;
  members: MemberStore;
  admissions: AdmissionStore;
}

export interface OpenSettings {
  mayMakeRooms: boolean;
  /** Zero for no limit. */
  connectionsPerUser: number;
}

/**
 * Throws `unauthorized` for a session that was ended, `rate_limited` for a user with too many sockets, `forbidden`,
 * `not_found`, `room_unavailable`. Two requests one after the other when this instance met the room's name before, or
 * it is an id, and it still leads there: who and where, the connection. Otherwise the room comes between.
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
  const [{ isRevoked, sight }] = await Promise.all([
    ports.admissions.get(caller, likely),
    mustHaveRoomForOneMore(ports, caller.userId, now, connectionsPerUser),
  ]);
  if (isRevoked) throw new ChatError('unauthorized');
  const found =
    name === undefined
      ? undefined
      : await orMakeRoom(
          ports,
          caller,
          name,
          mayMakeRooms,
          await (looking ?? findRoomByName(ports, caller, name, sight ?? 'absent')),
        );
  const connection: Connection = {
    connectionId: opening.connectionId,
    userId: caller.userId,
    username: caller.username,
    sessionId: caller.sessionId,
    tokenVersion: caller.tokenVersion,
    openedAt: now,
    tokenEndsAt: caller.tokenEndsAt,
    leaseEndsAt: now + longestConnectionMs,
    isSingleRoom: found !== undefined,
    rooms: found === undefined ? {} : { [found.room.roomId]: chooseShard(ports, found) },
    batch: opening.batch,
    ...(opening.after === undefined ? {} : { after: opening.after }),
    history: opening.history,
    ...(found === undefined ? {} : { head: { seq: found.head.seq, shards: found.head.shards } }),
    window: { startedAt: now, count: 0 },
    work: { startedAt: now, count: 0 },
  };
  await Promise.all([
    // Should it fail, the handshake does too; the welcome finds nobody at the other end, and removes the connection.
    found === undefined ? undefined : belong(ports, found.room, found.member, caller),
    ports.connections.open(connection),
  ]);
  return connection;
}

/** Any shard will do, since readers read them all. */
export function chooseShard({ random }: Pick<CreatePorts, 'random'>, { room, head }: RoomInSight) {
  return { name: room.name, shard: random.integer(head.shards) };
}
