/** Who belongs to a room: adding, removing, leaving, listing. */
import type { Member as MemberView, Room as RoomView } from '../../contract/entities.ts';
import { endsWithMembership } from '../access.ts';
import { ChatError } from '../chat-error.ts';
import { appendEntry, type AppendInput } from '../messages/append-entry.ts';
import { newMembershipEntry, newVoidEntry } from '../messages/new-entry.ts';
import type { Caller, Head, Member } from '../model.ts';
import type { UserStore } from '../ports/accounts.ts';
import type { LogStore } from '../ports/log.ts';
import type { Page } from '../ports/page.ts';
import type { CursorSeal, MemberStore, RoomStore, Unstored } from '../ports/rooms.ts';
import type { SubscriptionStore, ConnectionStore } from '../ports/sockets.ts';
import type { Clock } from '../ports/system.ts';
import type { UserRates } from '../rate-limits/user-rates.ts';
import { readSubscribers } from '../connections/subscribers.ts';
import { openCursor, sealCursor, type ListName } from '../cursor.ts';
import { chargeFanOut } from '../rate-limits/charges.ts';
import type { UserBudget } from '../rate-limits/user-budget.ts';
import { viewMember, viewRoom } from '../views.ts';
import { newMember } from './ensure-member.ts';
import { findRoomFor } from './find-room.ts';
import { stillAllowed } from './verify-access.ts';

export interface MembershipPorts {
  rooms: RoomStore;
  members: MemberStore;
  log: LogStore;
  subscriptions: SubscriptionStore;
  connections: Pick<ConnectionStore, 'getMany' | 'markRemoved'>;
  clock: Clock;
}

type ChargedPorts = MembershipPorts & { budget: Pick<UserBudget, 'charge'> };

/**
 * Adding a member again changes nothing, and is not counted.
 * @throws ChatError `not_found`, `forbidden`, `rate_limited`.
 */
export async function addMember(
  ports: ChargedPorts & { users: Pick<UserStore, 'get'>; rates: UserRates },
  caller: Caller,
  roomId: string,
  userId: string,
): Promise<RoomView> {
  const { room, head } = await findRoomFor('addMember', ports, roomId, caller.userId);
  const [user, present] = await Promise.all([ports.users.get(userId), ports.members.get(roomId, userId)]);
  if (user === undefined) throw new ChatError('not_found', { detail: 'There is no such user' });
  if (present !== undefined) return viewRoom(room, head);
  await ports.rates.spend('additions', caller.userId);
  const at = ports.clock.now();
  const member = newMember(room, user, at);
  const verify = stillAllowed(ports, { action: 'addMember', roomId, userId: caller.userId });
  const appended = await appendMembership(ports.log, { roomId, forMessage: false, at, verify }, (head) =>
    ports.members.add(member, newMembershipEntry(head, 'member_added', member)),
  );
  if (appended.outcome === 'present') {
    await ports.log.putVoid(newVoidEntry(appended.head, false));
    // There, but on the way out: their removal has to be over first.
    if ((await ports.members.get(roomId, userId)) === undefined) throw new ChatError('try_again');
    return viewRoom(room, appended.head);
  }
  await chargeFanOut(ports.budget, caller.userId, appended.head);
  return viewRoom({ ...room, memberCount: room.memberCount + 1 }, appended.head);
}

/** Throws `not_found`, `forbidden` (also for the owner, who cannot be removed). */
export async function removeMember(
  ports: ChargedPorts,
  caller: Caller,
  roomId: string,
  userId: string,
): Promise<RoomView> {
  const { room } = await findRoomFor('removeMember', ports, roomId, caller.userId);
  const head = await evict(ports, roomId, userId);
  if (head === undefined) throw new ChatError('not_found', { detail: 'There is no such member' });
  await chargeFanOut(ports.budget, caller.userId, head);
  const now = await ports.rooms.get(roomId);
  return viewRoom(now ?? { ...room, memberCount: room.memberCount - 1 }, head);
}

/** Throws `not_found`, `forbidden` (the owner, and direct rooms). */
export async function leaveRoom(ports: ChargedPorts, caller: Caller, roomId: string): Promise<void> {
  await findRoomFor('leaveRoom', ports, roomId, caller.userId);
  const head = await evict(ports, roomId, caller.userId);
  if (head !== undefined) await chargeFanOut(ports.budget, caller.userId, head);
}

export type EvictPorts = Omit<MembershipPorts, 'rooms'> & { rooms: Pick<RoomStore, 'get'> };

/**
 * Undefined when they were no member.
 * @throws `forbidden` for the owner, unless `evenOwner`
 */
export async function evict(
  ports: EvictPorts,
  roomId: string,
  userId: string,
  options: { evenOwner: boolean } = { evenOwner: false },
): Promise<Head | undefined> {
  const member = await ports.members.startRemoval(roomId, userId, options);
  return member && completeRemoval(ports, member);
}

/** For a removal whose beginner may have died; nothing happens when it is complete, or they were added again since. */
export async function finishRemoval(ports: EvictPorts, roomId: string, userId: string): Promise<void> {
  const member = await ports.members.findRemoval(roomId, userId);
  if (member !== undefined) await completeRemoval(ports, member);
}

/**
 * First no member to any reader, then off every socket of theirs, and only then the log entry: what is committed after
 * that entry is posted to none of them, and what they write after it is refused. It can be repeated until it is complete.
 * A socket registers under its user before it is let in, so one that this does not find will find the removal.
 */
async function completeRemoval(ports: EvictPorts, member: Member): Promise<Head> {
  const { roomId, userId } = member;
  const [room, sockets] = await Promise.all([ports.rooms.get(roomId), readSubscribers(ports, userId, 1)]);
  const connections = await ports.connections.getMany(sockets.map(({ connectionId }) => connectionId));
  await Promise.all(
    connections.map(async ({ connectionId, rooms }) => {
      const open = rooms[roomId];
      if (open === undefined) return;
      await Promise.all([
        ports.subscriptions.remove(roomId, open.shard, connectionId),
        ports.connections.markRemoved(connectionId, roomId),
      ]);
    }),
  );
  const at = ports.clock.now();
  const endsRight = room === undefined || endsWithMembership(room);
  const { head, outcome } = await appendMembership(
    ports.log,
    { roomId, forMessage: false, endsRight, at },
    (head) => ports.members.remove(roomId, userId, newMembershipEntry(head, 'member_removed', member)),
  );
  if (outcome === 'gone') await ports.log.putVoid(newVoidEntry(head, false));
  return head;
}

/** Takes another seq, too, when a change of the members under a later one was faster. */
export function appendMembership<T>(
  log: LogStore,
  input: AppendInput,
  store: (head: Head) => Promise<T | Unstored>,
): Promise<{ head: Head; outcome: Exclude<T, Unstored> }> {
  return appendEntry(log, input, async (head) => {
    const outcome = await store(head);
    if (outcome !== 'overtaken') return outcome as Exclude<T, Unstored> | 'seq_taken';
    await log.putVoid(newVoidEntry(head, false));
    return 'seq_taken';
  });
}

/** By user id, in pages. Throws `not_found`, `invalid_request` for a cursor that is none. */
export async function listMembers(
  ports: Pick<MembershipPorts, 'rooms' | 'members'> & { cursors: CursorSeal },
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
