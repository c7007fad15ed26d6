/** Makes users members of rooms: the owner of a new room, and users who take part in a public room. */
import { watchNewMembership, type WatchNewMembershipPorts } from '../../inbox/watch-rooms.ts';
import type { Caller } from '../../model/accounts.ts';
import type { Member, Room } from '../../model/rooms.ts';
import type { MemberStore } from '../../ports/rooms.ts';

type User = Pick<Caller, 'userId' | 'username'>;

export function newMember(
  { roomId }: Pick<Room, 'roomId'>,
  { userId, username }: User,
  joinedAtMs: number,
): Member {
  return { roomId, userId, username, role: 'member', joinedAtMs };
}

/** Returns the membership of the user who creates the room. */
export function newOwner(room: Pick<Room, 'roomId' | 'createdAtMs'>, user: User): Member {
  return { ...newMember(room, user, room.createdAtMs), role: 'owner' };
}

/** Whether opening the room makes its user a member, so that it appears among their rooms with an unread count. */
export function joinsByOpening({ room, member }: { room: Room; member: Member | undefined }): boolean {
  return member === undefined && !room.isPrivate;
}

/** Makes a user a member who opened a public room for the first time. */
export async function joinByOpening(ports: JoinPorts, roomId: string, user: User): Promise<void> {
  await ports.members.join(newMember({ roomId }, user, ports.clock.now()));
  await watchNewMembership(ports, user.userId, roomId);
}

export interface JoinPorts extends WatchNewMembershipPorts {
  members: Pick<MemberStore, 'join'>;
}

/** Makes a user of a public room a member. The log gets no entry, because no member was added by another user. */
export async function ensureMember(
  ports: JoinPorts,
  room: Room,
  member: Member | undefined,
  user: User,
): Promise<void> {
  if (joinsByOpening({ room, member })) await joinByOpening(ports, room.roomId, user);
}
