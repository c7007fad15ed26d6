/**
 * Erases what a deleted account left in rooms, in steps that can be repeated. First the memberships are
 * removed, which turns each room into one that the user has left. Then the username is replaced in the log of
 * every room that was left, and the files that the user sent there are removed. The record that a room was left is removed last, so an interrupted step finds the
 * room again.
 */
import type { ErrorCode } from '../../contract/errors.ts';
import { needsOwner } from '../access.ts';
import { ChatError } from '../chat-error.ts';
import {
  removeFilesOfMessage,
  removePictures,
  removeUnsentUploads,
  type RemoveFilesPorts,
} from '../files/remove-files.ts';
import type { RemovedFile } from '../model/log.ts';
import type { ErasureStore } from '../ports/accounts.ts';
import type { LogStore } from '../ports/log.ts';
import type { MemberStore, RoomStore } from '../ports/rooms.ts';
import type { Clock } from '../ports/system.ts';
import { markRoomDeleted } from '../rooms/delete-room.ts';
import { endMembership, type EndMembershipPorts } from '../rooms/membership/end-membership.ts';
import { passOwnershipToSuccessor } from '../rooms/membership/pass-ownership.ts';
import { deletedUsername } from '../views.ts';

export interface ErasePorts extends EndMembershipPorts, RemoveFilesPorts {
  rooms: Pick<RoomStore, 'head' | 'get' | 'markDeleted'>;
  members: MemberStore;
  log: LogStore;
  erasures: ErasureStore;
  clock: Clock;
}

const entriesPerPage = 200;
const membersPerPage = 100;

/** Rooms that one step handles; the next step continues with the others. */
const roomsPerStep = 100;

/**
 * Runs one step until no room is left or `deadlineMs` has passed, in milliseconds since 1970. Reports `done`
 * only when it found no room in the first place: the queries for rooms are eventually consistent, so a step
 * that found any must be followed by another.
 */
export async function eraseUser(
  ports: ErasePorts,
  userId: string,
  deadlineMs: number,
): Promise<{ done: boolean }> {
  if (!(await removePictures(ports, userId, deadlineMs))) return { done: false };
  // Includes rooms from which another request is still removing the user: they do not count as left before it
  // is done.
  const rooms = await ports.erasures.listRooms(userId, roomsPerStep);
  for (const roomId of rooms) {
    if (ports.clock.now() >= deadlineMs) return { done: false };
    await leave(ports, roomId, userId);
  }
  // The list may not contain the rooms that were left above yet.
  const { items: listed } = await ports.erasures.listLeftRooms(userId, roomsPerStep, undefined);
  const left = new Set([...rooms, ...listed]);
  for (const roomId of left) {
    if (!(await eraseInRoom(ports, roomId, userId, deadlineMs))) return { done: false };
  }
  return { done: left.size === 0 };
}

async function leave(ports: ErasePorts, roomId: string, userId: string): Promise<void> {
  try {
    await evictWithSuccessor(ports, roomId, userId);
  } catch (error) {
    if (!hasCode(error, 'not_found')) throw error;
    // The room is being purged, so its log takes no entry for the removal. Only the membership is left to
    // remove.
    await ports.erasures.forgetMember(roomId, userId);
  }
}

/**
 * Evicts the user, and passes ownership to a successor only when the eviction is refused because the user is
 * the owner. The write that begins the eviction also refuses an owner who inherited the role a moment ago.
 */
async function evictWithSuccessor(ports: ErasePorts, roomId: string, userId: string): Promise<void> {
  try {
    await endMembership(ports, roomId, userId);
  } catch (error) {
    if (!hasCode(error, 'forbidden')) throw error;
    const room = await ports.rooms.get(roomId);
    const isPassedOn =
      room !== undefined && needsOwner(room) && (await passOwnershipToSuccessor(ports, roomId, userId));
    await endMembership(ports, roomId, userId, { evenOwner: !isPassedOn });
  }
}

/**
 * Deletes a private room without members, since no user can reach it any more. Returns whether it was
 * deleted.
 */
async function deleteIfEmpty(ports: ErasePorts, roomId: string): Promise<boolean> {
  const room = await ports.rooms.get(roomId);
  if (room?.isPrivate !== true || !(await isEmpty(ports, roomId))) return false;
  try {
    await markRoomDeleted(ports, room);
  } catch (error) {
    // Another request deleted the room first, which is what this one wanted.
    if (!hasCode(error, 'not_found')) throw error;
  }
  return true;
}

const hasCode = (error: unknown, code: ErrorCode): boolean =>
  error instanceof ChatError && error.code === code;

/** Reads all pages, since a page that contains only members who are being removed is empty. */
async function isEmpty({ members }: ErasePorts, roomId: string): Promise<boolean> {
  let after: string | undefined;
  do {
    const { items, next } = await members.list(roomId, membersPerPage, after);
    if (items.length > 0) return false;
    after = next;
  } while (after !== undefined);
  return true;
}

/** Replaces the username and removes the files in one room. Returns false when the deadline has passed first. */
async function eraseInRoom(
  ports: ErasePorts,
  roomId: string,
  userId: string,
  deadlineMs: number,
): Promise<boolean> {
  const { erasures, clock } = ports;
  let done = await deleteIfEmpty(ports, roomId);
  // Before the log is read: after that no upload can be attached to a message of a send that is still under way.
  if (!done && !(await removeUnsentUploads(ports, { roomId, userId }, deadlineMs))) return false;
  const change = {
    name: deletedUsername,
    limit: entriesPerPage,
    removeFiles: (files: RemovedFile[]) => removeFilesOfMessage(ports, roomId, files),
  };
  while (!done) {
    if (clock.now() >= deadlineMs) return false;
    ({ done } = await erasures.renameInLog(roomId, userId, change));
  }
  while (!(await erasures.forgetOwnSeqs(roomId, userId, entriesPerPage)).done) {
    if (clock.now() >= deadlineMs) return false;
  }
  await erasures.renameCreator(roomId, userId, deletedUsername);
  await erasures.forgetLeftRoom(roomId, userId);
  return true;
}
