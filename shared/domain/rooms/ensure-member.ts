/** Whoever takes part in a public room belongs to it from then on: it shows among their rooms, with its unread count. */
import type { Caller, Member, Room } from '../model.ts';
import type { MemberStore } from '../ports/rooms.ts';
import type { Clock } from '../ports/system.ts';

export function newMember(
  { roomId }: Pick<Room, 'roomId'>,
  { userId, username }: { userId: string; username: string },
  joinedAt: number,
): Member {
  return { roomId, userId, username, role: 'member', joinedAt };
}

/** The one who makes the room, and holds the role until their account is deleted. */
export function firstMember(
  room: Pick<Room, 'roomId' | 'createdAt'>,
  user: { userId: string; username: string },
): Member {
  return { ...newMember(room, user, room.createdAt), role: 'owner' };
}

/** Whether opening the room makes its user a member. */
export function joinsByOpening({ room, member }: { room: Room; member: Member | undefined }): boolean {
  return member === undefined && !room.isPrivate;
}

/** Makes a user who opened a public room for the first time its member. */
export async function joinByOpening(
  { members, clock }: { members: Pick<MemberStore, 'join'>; clock: Clock },
  roomId: string,
  user: Pick<Caller, 'userId' | 'username'>,
): Promise<void> {
  await members.join(newMember({ roomId }, user, clock.now()));
}

/** Makes the user a member of a public room; no entry of its log, since nobody added them. */
export async function ensureMember(
  { members, clock }: { members: MemberStore; clock: Clock },
  room: Room,
  member: Member | undefined,
  user: Pick<Caller, 'userId' | 'username'>,
): Promise<void> {
  if (!joinsByOpening({ room, member })) return;
  await members.join(newMember(room, user, clock.now()));
}
