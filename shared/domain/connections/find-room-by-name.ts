/** From a room's name to the room, for somebody who wants to open a socket there. */
import { isReservedRoomName, isSameRoomName } from '../../contract/names.ts';
import { faultOfNewRoomName } from '../../contract/room-names/choosing.ts';
import { authorize, isAllowed, kindOf, standingOf } from '../access.ts';
import { ChatError } from '../chat-error.ts';
import type { Caller } from '../model.ts';
import type { RoomStore } from '../ports/rooms.ts';
import { makeRoom, emptyHead, type CreatePorts } from '../rooms/create-room.ts';
import type { RoomAccess } from '../rooms/find-room.ts';
import { firstMember } from '../rooms/ensure-member.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A room that was read already, or looked for in vain. */
type Likely = RoomAccess | 'absent';

/** Which room the name, or id, will most likely turn out to mean: it can be read together with other things. */
export function likelyRoomId({ rooms }: { rooms: RoomStore }, name: string): string | undefined {
  return uuid.test(name) ? name.toLowerCase() : rooms.cachedRoomId(name);
}

/**
 * The room with that name, or id. Undefined when there is none and one may be made. `likely` is what was found under the
 * likely id, if it was looked for beforehand.
 *
 * @throws `forbidden` for a private room of others, `not_found` for a direct one and for an id, whether or not it
 * exists, `room_unavailable` where there is no room and the rules of new names allow none.
 */
export async function findRoomByName(
  { rooms }: { rooms: RoomStore },
  caller: Pick<Caller, 'userId'>,
  name: string,
  likely?: Likely,
): Promise<RoomAccess | undefined> {
  // An id comes first: clients come back by it, and a room that was named like it must not take its place.
  const byId = uuid.test(name) ? await findById(rooms, caller, name.toLowerCase(), likely) : undefined;
  if (byId !== undefined) return byId;
  const found = isNamed(likely, name) ? likely : await rooms.getByName(name, caller.userId);
  if (found === 'none') {
    // An id is answered as one of a room that is hidden: who knows two users could tell their direct room's.
    if (isReservedRoomName(name) || uuid.test(name)) throw new ChatError('not_found');
    assertMayBeMade(name);
    return undefined;
  }
  if (found === 'gone') throw new ChatError('not_found');
  if (found === 'lookalike') {
    throw new ChatError('room_unavailable', { detail: 'There is a room whose name looks the same' });
  }
  const kind = kindOf(found.room);
  if (!isAllowed('openSocket', kind, standingOf(found.room, caller.userId, found.member))) {
    throw new ChatError(kind === 'direct' ? 'not_found' : 'forbidden');
  }
  return found;
}

/** Opening a socket makes a room by the same rules as creating one. Throws `room_unavailable`. */
function assertMayBeMade(name: string): void {
  const fault = faultOfNewRoomName(name);
  if (fault !== undefined) throw new ChatError('room_unavailable', { detail: `A room’s name ${fault}` });
}

function isNamed(room: Likely | undefined, name: string): room is RoomAccess {
  return room !== undefined && room !== 'absent' && isSameRoomName(room.room.name, name);
}

async function findById(
  rooms: RoomStore,
  { userId }: Pick<Caller, 'userId'>,
  roomId: string,
  likely: Likely | undefined,
): Promise<RoomAccess | undefined> {
  if (likely === 'absent') return undefined;
  const found = likely ?? (await rooms.getWithMember(roomId, userId));
  if (found !== undefined) authorize('openSocket', found.room, userId, found.member);
  return found;
}

/** Finds it, or makes a public room where there is none, if that is allowed. Throws as above, and `not_found`. */
export async function findOrMakeRoom(
  ports: CreatePorts,
  caller: Pick<Caller, 'userId' | 'username'>,
  name: string,
  mayMake: boolean,
): Promise<RoomAccess> {
  return orMakeRoom(ports, caller, name, mayMake, await findRoomByName(ports, caller, name));
}

/** The same for somebody who has looked already. */
export async function orMakeRoom(
  ports: CreatePorts,
  caller: Pick<Caller, 'userId' | 'username'>,
  name: string,
  mayMake: boolean,
  found: RoomAccess | undefined,
): Promise<RoomAccess> {
  if (found !== undefined) return found;
  if (!mayMake) throw new ChatError('not_found');
  try {
    const room = await makeRoom(ports, caller, { name, description: '', isPrivate: false });
    return { room, head: emptyHead(room.roomId), member: firstMember(room, caller) };
  } catch (error) {
    if (!(error instanceof ChatError) || error.code !== 'room_name_taken') throw error;
    const theirs = await findRoomByName(ports, caller, name);
    if (theirs === undefined) throw new ChatError('room_unavailable', { cause: error });
    return theirs;
  }
}
