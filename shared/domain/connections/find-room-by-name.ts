/** Finds the room that a socket opens, by name or by id, and creates it when that is allowed. */
import { isReservedRoomName, isSameRoomName } from '../../contract/names.ts';
import { explainInvalidRoomName } from '../../contract/room-names/choosing.ts';
import { authorize, authorizeByName } from '../access.ts';
import { ChatError } from '../chat-error.ts';
import type { Caller } from '../model/accounts.ts';
import type { RoomStore } from '../ports/rooms.ts';
import { emptyHead, storeNewRoom, type CreateRoomPorts } from '../rooms/create-room.ts';
import type { RoomAccess } from '../rooms/find-room.ts';
import { newOwner } from '../rooms/membership/join-room.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What was read under the likely id of a room, before its name was looked up. */
type Prefetched = RoomAccess | 'absent';

/** Returns the id that the name, or id, probably stands for, so that the room can be read in the same request as other items. */
export function likelyRoomId({ rooms }: { rooms: RoomStore }, name: string): string | undefined {
  return uuid.test(name) ? name.toLowerCase() : rooms.cachedRoomId(name);
}

/**
 * Returns the room with this name or id; undefined when there is none and one may be created under the name.
 * @throws ChatError `forbidden` for a private room that the caller is no member of; `not_found` for a direct room, and for
 * an id whether or not it exists; `room_unavailable` when there is no room and the rules of new names allow none.
 */
export async function findRoomByName(
  { rooms }: { rooms: RoomStore },
  caller: Pick<Caller, 'userId'>,
  name: string,
  prefetched?: Prefetched,
): Promise<RoomAccess | undefined> {
  // An id takes precedence: clients reconnect by id, and must not reach another room that was named like it.
  const byId = uuid.test(name) ? await findById(rooms, caller, name.toLowerCase(), prefetched) : undefined;
  if (byId !== undefined) return byId;
  const found = isNamed(prefetched, name) ? prefetched : await rooms.getByName(name, caller.userId);
  if (found === 'none') {
    // An unknown id is answered like a hidden room. The id of a direct room follows from the ids of its two users, so a
    // different answer would reveal whether they have one.
    if (isReservedRoomName(name) || uuid.test(name)) throw new ChatError('not_found');
    assertNameAllowed(name);
    return undefined;
  }
  if (found === 'gone') throw new ChatError('not_found');
  if (found === 'lookalike') {
    throw new ChatError('room_unavailable', { detail: 'Another room has a name that looks the same' });
  }
  authorizeByName(found.room, caller.userId, found.member);
  return found;
}

/** Applies the same rules as creating a room does. @throws ChatError `room_unavailable`. */
function assertNameAllowed(name: string): void {
  const fault = explainInvalidRoomName(name);
  if (fault !== undefined) throw new ChatError('room_unavailable', { detail: `The room name ${fault}` });
}

function isNamed(prefetched: Prefetched | undefined, name: string): prefetched is RoomAccess {
  return prefetched !== undefined && prefetched !== 'absent' && isSameRoomName(prefetched.room.name, name);
}

async function findById(
  rooms: RoomStore,
  { userId }: Pick<Caller, 'userId'>,
  roomId: string,
  prefetched: Prefetched | undefined,
): Promise<RoomAccess | undefined> {
  if (prefetched === 'absent') return undefined;
  const found = prefetched ?? (await rooms.getWithMember(roomId, userId));
  if (found !== undefined) authorize('openSocket', found.room, userId, found.member);
  return found;
}

/**
 * Returns the room that `findRoomByName` found, or creates a public room with this name when it found none.
 * @throws ChatError `not_found` when no room may be created, `rate_limited`, and what `findRoomByName` throws.
 */
export async function createIfMissing(
  ports: CreateRoomPorts,
  caller: Pick<Caller, 'userId' | 'username'>,
  name: string,
  { found, mayCreate }: { found: RoomAccess | undefined; mayCreate: boolean },
): Promise<RoomAccess> {
  if (found !== undefined) return found;
  if (!mayCreate) throw new ChatError('not_found');
  try {
    const room = await storeNewRoom(ports, caller, { name, description: '', isPrivate: false });
    return { room, head: emptyHead(room.roomId), member: newOwner(room, caller) };
  } catch (error) {
    if (!(error instanceof ChatError) || error.code !== 'room_name_taken') throw error;
    // Another request created the room at the same moment.
    const existing = await findRoomByName(ports, caller, name);
    if (existing === undefined) throw new ChatError('room_unavailable', { cause: error });
    return existing;
  }
}
