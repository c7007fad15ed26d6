/** Adds, removes and lists the members of a room, each time for a caller who must be allowed to. */
import type { Member as MemberView, Room as RoomView } from '../../../contract/entities.ts';
import { ChatError } from '../../chat-error.ts';
import { openCursor, sealCursor, type ListName } from '../../cursor.ts';
import { newMembershipEntry, newVoidEntry } from '../../messages/new-entry.ts';
import type { Caller } from '../../model/accounts.ts';
import type { UserStore } from '../../ports/accounts.ts';
import type { Page } from '../../ports/page.ts';
import type { CursorSeal, MemberStore, RoomStore } from '../../ports/rooms.ts';
import { chargeFanOut } from '../../rate-limits/charges.ts';
import type { UserBudget } from '../../rate-limits/user-budget.ts';
import type { UserRates } from '../../rate-limits/user-rates.ts';
import { viewMember, viewRoom } from '../../views.ts';
import { findRoomFor } from '../find-room.ts';
import { stillAllowed } from '../verify-access.ts';
import { appendMembership } from './append-membership.ts';
import { endMembership, type EndMembershipPorts } from './end-membership.ts';
import { newMember } from './join-room.ts';
import { waitForAll } from '../../wait-for-all.ts';

export interface MembersPorts extends EndMembershipPorts {
  rooms: RoomStore;
  budget: Pick<UserBudget, 'charge'>;
}

/**
 * Adds a user to a private room. Adding a member again changes nothing, and does not count towards the limit.
 * @throws ChatError `not_found`, `forbidden`, `rate_limited`; `try_again` while a removal of the user is incomplete.
 */
export async function addMember(
  ports: MembersPorts & { users: Pick<UserStore, 'get'>; rates: UserRates },
  caller: Caller,
  roomId: string,
  userId: string,
): Promise<RoomView> {
  const { room, head } = await findRoomFor('addMember', ports, roomId, caller.userId);
  const [user, current] = await waitForAll([ports.users.get(userId), ports.members.get(roomId, userId)]);
  if (user === undefined) throw new ChatError('not_found', { detail: 'User not found' });
  if (current !== undefined) return viewRoom(room, head);
  await ports.rates.spend('additions', caller.userId);
  const at = ports.clock.now();
  const member = newMember(room, user, at);
  const verify = stillAllowed(ports, { action: 'addMember', roomId, userId: caller.userId });
  const appended = await appendMembership(ports.log, { roomId, forMessage: false, at, verify }, (head) =>
    ports.members.add(member, newMembershipEntry(head, 'member_added', member)),
  );
  if (appended.outcome === 'present') {
    await ports.log.putVoids([newVoidEntry(appended.head, false)]);
    // The stored member is one whose removal has begun. It has to be complete before the user can be added again.
    if ((await ports.members.get(roomId, userId)) === undefined) throw new ChatError('try_again');
    return viewRoom(room, appended.head);
  }
  await chargeFanOut(ports.budget, caller.userId, appended.head);
  return viewRoom({ ...room, memberCount: room.memberCount + 1 }, appended.head);
}

/** @throws ChatError `not_found`, `forbidden`; also for the owner, who cannot be removed. */
export async function removeMember(
  ports: MembersPorts,
  caller: Caller,
  roomId: string,
  userId: string,
): Promise<RoomView> {
  const { room } = await findRoomFor('removeMember', ports, roomId, caller.userId);
  const head = await endMembership(ports, roomId, userId);
  if (head === undefined) throw new ChatError('not_found', { detail: 'Member not found' });
  await chargeFanOut(ports.budget, caller.userId, head);
  const current = await ports.rooms.get(roomId);
  return viewRoom(current ?? { ...room, memberCount: room.memberCount - 1 }, head);
}

/** @throws ChatError `not_found`, `forbidden` for the owner and in direct rooms. */
export async function leaveRoom(ports: MembersPorts, caller: Caller, roomId: string): Promise<void> {
  await findRoomFor('leaveRoom', ports, roomId, caller.userId);
  const head = await endMembership(ports, roomId, caller.userId);
  if (head !== undefined) await chargeFanOut(ports.budget, caller.userId, head);
}

/** Lists members by user id, in pages. @throws ChatError `not_found`, `invalid_request` for an invalid cursor. */
export async function listMembers(
  ports: { rooms: RoomStore; members: Pick<MemberStore, 'list'>; cursors: CursorSeal },
  caller: Caller,
  roomId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<MemberView>> {
  await findRoomFor('listMembers', ports, roomId, caller.userId);
  const list: ListName = ['listMembers', roomId, caller.userId];
  const [after] = cursor === undefined ? [] : await openCursor(ports, list, cursor);
  const { items, next } = await ports.members.list(roomId, limit, after);
  return { items: items.map(viewMember), next: next && (await sealCursor(ports, list, [next])) };
}
