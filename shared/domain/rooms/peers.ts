/** The other user of a direct room, as one of its members sees them. */
import type { UserSummary } from '../../contract/entities.ts';
import type { Room } from '../model/rooms.ts';
import type { UserStore } from '../ports/accounts.ts';
import { deletedUsername, viewUser } from '../views.ts';

/** The start of the names of direct rooms, which no other room may have. */
const directRoomPrefix = 'dm_';

/** Returns the name of the direct room of two users, the same one for both. */
export function directRoomName(userId: string, otherId: string): string {
  return `${directRoomPrefix}${[userId, otherId].sort().join('_')}`;
}

export interface PeerPorts {
  users: Pick<UserStore, 'getMany'>;
}

/**
 * Returns the peers of a user by the ids of the direct rooms among these rooms, with one request for each 100 peers, and
 * none when no room is direct. A deleted account is shown under its id.
 */
export async function findPeers(
  { users }: PeerPorts,
  userId: string,
  rooms: Iterable<Room>,
): Promise<Map<string, UserSummary>> {
  const peerIds = new Map<string, string>();
  for (const room of rooms) {
    const peerId = peerIdOf(room, userId);
    if (peerId !== undefined) peerIds.set(room.roomId, peerId);
  }
  if (peerIds.size === 0) return new Map();
  const found = new Map((await users.getMany([...peerIds.values()])).map((user) => [user.userId, user]));
  return new Map(
    [...peerIds].map(([roomId, id]) => {
      const user = found.get(id);
      const peer =
        user === undefined ? { id, username: deletedUsername, profile_picture: null } : viewUser(user);
      return [roomId, peer];
    }),
  );
}

/** Returns the peer of a user in one room; undefined when the room is not direct. */
export async function findPeer(
  ports: PeerPorts,
  userId: string,
  room: Room,
): Promise<UserSummary | undefined> {
  return (await findPeers(ports, userId, [room])).get(room.roomId);
}

/** The name of a direct room holds the ids of its users. Undefined for other rooms, and for users of none of both. */
function peerIdOf({ isDirect, name }: Room, userId: string): string | undefined {
  if (!isDirect) return undefined;
  const ids = name.slice(directRoomPrefix.length).split('_');
  return ids.includes(userId) ? ids.find((id) => id !== userId) : undefined;
}
