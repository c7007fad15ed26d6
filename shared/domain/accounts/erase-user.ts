/**
 * What a deleted account leaves in rooms, erased in steps that anybody can repeat: first every membership, by which
 * each room becomes one that was left, then the name in everything that was said there. A room is forgotten last, so
 * whatever is not finished is found again.
 */
import type { ErrorCode } from '../../contract/errors.ts';
import { needsOwner } from '../access.ts';
import { ChatError } from '../chat-error.ts';
import type { ErasureStore } from '../ports/accounts.ts';
import type { LogStore } from '../ports/log.ts';
import type { MemberStore, RoomStore } from '../ports/rooms.ts';
import type { Clock } from '../ports/system.ts';
import { markRoomDeleted } from '../rooms/delete-room.ts';
import { evict, type EvictPorts } from '../rooms/members.ts';
import { passOwnershipToSuccessor } from '../rooms/pass-role.ts';
import { deletedUsername } from '../views.ts';

export interface ErasePorts extends EvictPorts {
  rooms: Pick<RoomStore, 'head' | 'get' | 'markDeleted'>;
  members: MemberStore;
  log: LogStore;
  erasures: ErasureStore;
  clock: Clock;
}

const entriesAtOnce = 200;
const membersAtOnce = 100;

/** One step looks at so many rooms; the next one goes on with those that are left. */
const roomsPerStep = 100;

/**
 * Goes on until nothing is left or the time is over. `done` only when nothing was found to begin with, since what is
 * asked for rooms may know of a change a moment late.
 */
export async function eraseUser(
  ports: ErasePorts,
  userId: string,
  until: number,
): Promise<{ done: boolean }> {
  // Those that somebody else is about to complete the removal from, too: they are not left before that.
  const rooms = await ports.erasures.listRooms(userId, roomsPerStep);
  for (const roomId of rooms) {
    if (ports.clock.now() >= until) return { done: false };
    await leave(ports, roomId, userId);
  }
  // Those that were left a moment ago may not be listed yet.
  const { items: listed } = await ports.erasures.listLeftRooms(userId, roomsPerStep, undefined);
  const left = new Set([...rooms, ...listed]);
  for (const roomId of left) {
    if (!(await eraseIn(ports, roomId, userId, until))) return { done: false };
  }
  return { done: left.size === 0 };
}

async function leave(ports: ErasePorts, roomId: string, userId: string): Promise<void> {
  try {
    await evictWithSuccessor(ports, roomId, userId);
  } catch (error) {
    if (!hasCode(error, 'not_found')) throw error;
    // The room is being purged: nothing can be written to its log any more.
    await ports.erasures.forgetMember(roomId, userId);
  }
}

/**
 * Tries as for anybody else first, and passes the role on only where that is refused: a role that was inherited a
 * moment ago is seen by the write that begins the removal, and the heir of an heir is found the same way.
 */
async function evictWithSuccessor(ports: ErasePorts, roomId: string, userId: string): Promise<void> {
  try {
    await evict(ports, roomId, userId);
  } catch (error) {
    if (!hasCode(error, 'forbidden')) throw error;
    const room = await ports.rooms.get(roomId);
    const isPassedOn =
      room !== undefined && needsOwner(room) && (await passOwnershipToSuccessor(ports, roomId, userId));
    await evict(ports, roomId, userId, { evenOwner: !isPassedOn });
  }
}

/** Rooms stay for the others. A private one that nobody is left to reach goes, with its log; says whether it did. */
async function deleteIfEmpty(ports: ErasePorts, roomId: string): Promise<boolean> {
  const room = await ports.rooms.get(roomId);
  if (room?.isPrivate !== true || !(await isEmpty(ports, roomId))) return false;
  try {
    await markRoomDeleted(ports, room);
  } catch (error) {
    // Somebody else, with the same intent, was faster.
    if (!hasCode(error, 'not_found')) throw error;
  }
  return true;
}

const hasCode = (error: unknown, code: ErrorCode): boolean =>
  error instanceof ChatError && error.code === code;

/** A page may hold none, of those who are on their way out, and not be the last. */
async function isEmpty({ members }: ErasePorts, roomId: string): Promise<boolean> {
  let after: string | undefined;
  do {
    const { items, next } = await members.list(roomId, membersAtOnce, after);
    if (items.length > 0) return false;
    after = next;
  } while (after !== undefined);
  return true;
}

/** False when the time is over. */
async function eraseIn(ports: ErasePorts, roomId: string, userId: string, until: number): Promise<boolean> {
  const { erasures, clock } = ports;
  let done = await deleteIfEmpty(ports, roomId);
  while (!done) {
    if (clock.now() >= until) return false;
    ({ done } = await erasures.renameInLog(roomId, userId, deletedUsername, entriesAtOnce));
  }
  while (!(await erasures.forgetOwnSeqs(roomId, userId, entriesAtOnce)).done) {
    if (clock.now() >= until) return false;
  }
  await erasures.renameCreator(roomId, userId, deletedUsername);
  await erasures.forgetLeftRoom(roomId, userId);
  return true;
}
