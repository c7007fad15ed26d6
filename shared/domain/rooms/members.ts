/** Who belongs to a room: adding, removing, leaving, listing. */
import type { Member as MemberView, Room as RoomView } from '../../contract/entities.ts';
import { mustBeRemovable } from '../access.ts';
import { ChatError } from '../chat-error.ts';
import { appendEntry, unusedSeq } from '../messages/append-entry.ts';
import type { Caller, Head, Member, MembershipEntry } from '../model.ts';
import type { UserStore } from '../ports/accounts.ts';
import type { LogStore } from '../ports/log.ts';
import type { Page } from '../ports/page.ts';
import type { CursorSeal, MemberStore, RoomStore, Unstored } from '../ports/rooms.ts';
import type { AudienceStore, ConnectionStore } from '../ports/sockets.ts';
import type { Clock } from '../ports/world.ts';
import type { UserRates } from '../user-rates.ts';
import { readAudience } from '../connections/audience.ts';
import { openCursor, sealCursor, type ListName } from '../cursor.ts';
import { viewMember, viewRoom } from '../views.ts';
import { newMember } from './belong.ts';
import { findRoomFor } from './find-room.ts';

export interface MembershipPorts {
  rooms: RoomStore;
  members: MemberStore;
  log: LogStore;
  audiences: AudienceStore;
  connections: Pick<ConnectionStore, 'markRemoved'>;
  clock: Clock;
}

/**
 * Adding a member again changes nothing, and is not counted.
 * @throws `not_found`, `forbidden`, `rate_limited`
 */
export async function addMember(
  ports: MembershipPorts & { users: Pick<UserStore, 'get'>; rates: UserRates },
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
  const appended = await appendMembership(ports.log, roomId, at, (head) =>
    ports.members.add(member, membershipEntry('member_added', member, head)),
  );
  if (appended.outcome === 'present') {
    await ports.log.putVoid(unusedSeq(appended.head, false));
    // There, but on the way out: their removal has to be over first.
    if ((await ports.members.get(roomId, userId)) === undefined) throw new ChatError('try_again');
    return viewRoom(room, appended.head);
  }
  return viewRoom({ ...room, memberCount: room.memberCount + 1 }, appended.head);
}

/** Throws `not_found`, `forbidden` (also for the creator, who cannot be removed). */
export async function removeMember(
  ports: MembershipPorts,
  caller: Caller,
  roomId: string,
  userId: string,
): Promise<RoomView> {
  const { room } = await findRoomFor('removeMember', ports, roomId, caller.userId);
  mustBeRemovable(room, userId);
  const head = await takeOut(ports, roomId, userId);
  if (head === undefined) throw new ChatError('not_found', { detail: 'There is no such member' });
  const now = await ports.rooms.get(roomId);
  return viewRoom(now ?? { ...room, memberCount: room.memberCount - 1 }, head);
}

/** Throws `not_found`, `forbidden` (the creator, and direct rooms). */
export async function leaveRoom(ports: MembershipPorts, caller: Caller, roomId: string): Promise<void> {
  await findRoomFor('leaveRoom', ports, roomId, caller.userId);
  await takeOut(ports, roomId, caller.userId);
}

export type TakeOutPorts = Omit<MembershipPorts, 'rooms'> & { rooms: Pick<RoomStore, 'head'> };

/** Whoever it is, the creator too. Undefined when they were no member. */
export async function takeOut(
  ports: TakeOutPorts,
  roomId: string,
  userId: string,
): Promise<Head | undefined> {
  const member = await ports.members.startRemoval(roomId, userId);
  return member && completeRemoval(ports, member);
}

/** For a removal whose beginner may have died; nothing happens when it is complete, or they were added again since. */
export async function finishRemoval(ports: TakeOutPorts, roomId: string, userId: string): Promise<void> {
  const member = await ports.members.findRemoval(roomId, userId);
  if (member !== undefined) await completeRemoval(ports, member);
}

/**
 * First no member to any reader, then out of the audience, and only then the log entry: whatever is committed
 * after that entry finds an audience without them. Can be repeated by anybody until it is complete.
 */
async function completeRemoval(ports: TakeOutPorts, member: Member): Promise<Head> {
  const { roomId, userId } = member;
  const before = await ports.rooms.head(roomId);
  for (const { connectionId, shard, userId: listenerId } of await readAudience(
    ports,
    roomId,
    before?.shards ?? 1,
  )) {
    if (listenerId !== userId) continue;
    await Promise.all([
      ports.audiences.remove(roomId, shard, connectionId),
      ports.connections.markRemoved(connectionId, roomId),
    ]);
  }
  const at = ports.clock.now();
  const { head, outcome } = await appendMembership(ports.log, roomId, at, (head) =>
    ports.members.remove(roomId, userId, membershipEntry('member_removed', member, head)),
  );
  if (outcome === 'gone') await ports.log.putVoid(unusedSeq(head, false));
  return head;
}

/** Takes another seq, too, when a change of the members under a later one was faster. */
function appendMembership<T>(
  log: LogStore,
  roomId: string,
  at: number,
  store: (head: Head) => Promise<T | Unstored>,
): Promise<{ head: Head; outcome: Exclude<T, Unstored> }> {
  return appendEntry(log, { roomId, forMessage: false, at }, async (head) => {
    const outcome = await store(head);
    if (outcome !== 'overtaken') return outcome as Exclude<T, Unstored> | 'seq_taken';
    await log.putVoid(unusedSeq(head, false));
    return 'seq_taken';
  });
}

function membershipEntry(kind: MembershipEntry['kind'], member: Member, head: Head): MembershipEntry {
  const { roomId, seq, taken, lastAt } = head;
  return { kind, roomId, seq, at: lastAt, taken, outbox: true, member: viewMember(member) };
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
