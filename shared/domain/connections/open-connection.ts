/** Opening a socket: one item, from which the welcome and everything else follows. */
import { ChatError } from '../chat-error.ts';
import type { Caller, Connection } from '../model.ts';
import type { ConnectionStore, MemberStore, RevocationStore } from '../ports.ts';
import { belong } from '../rooms/belong.ts';
import type { CreatePorts } from '../rooms/create-room.ts';
import type { RoomInSight } from '../rooms/find-room.ts';
import { findOrMakeRoom } from './find-room-by-name.ts';

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
  members: MemberStore;
  revocations: RevocationStore;
}

/** Throws `unauthorized` for a session that was ended, `forbidden`, `not_found`, `room_unavailable`. */
export async function openConnection(
  ports: OpenPorts,
  caller: Caller,
  opening: Opening,
  { mayMakeRooms }: { mayMakeRooms: boolean },
): Promise<Connection> {
  const now = ports.clock.now();
  if (await ports.revocations.isRevoked(caller.sessionId)) throw new ChatError('unauthorized');
  const found =
    opening.room === undefined ? undefined : await findOrMakeRoom(ports, caller, opening.room, mayMakeRooms);
  const connection: Connection = {
    connectionId: opening.connectionId,
    userId: caller.userId,
    username: caller.username,
    sessionId: caller.sessionId,
    openedAt: now,
    tokenEndsAt: caller.tokenEndsAt,
    leaseEndsAt: now + longestConnectionMs,
    isSingleRoom: found !== undefined,
    rooms: found === undefined ? {} : { [found.room.roomId]: chooseShard(ports, found) },
    batch: opening.batch,
    ...(opening.after === undefined ? {} : { after: opening.after }),
    history: opening.history,
    window: { startedAt: now, count: 0 },
  };
  if (found !== undefined) await belong(ports, found.room, found.member, caller);
  await ports.connections.open(connection);
  return connection;
}

/** Any shard will do, since readers read them all. */
export function chooseShard({ random }: Pick<CreatePorts, 'random'>, { room, head }: RoomInSight) {
  return { name: room.name, shard: random.integer(head.shards) };
}
