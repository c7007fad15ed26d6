/** Whoever takes part in a public room belongs to it from then on: it shows among their rooms, with its unread count. */
import type { Caller, Member, Room } from '../model.ts';
import type { MemberStore } from '../ports/rooms.ts';
import type { Clock } from '../ports/world.ts';

export function newMember(
  room: Pick<Room, 'roomId' | 'creatorId'>,
  user: { userId: string; username: string },
  joinedAt: number,
): Member {
  return {
    roomId: room.roomId,
    userId: user.userId,
    username: user.username,
    role: room.creatorId === user.userId ? 'creator' : 'member',
    joinedAt,
  };
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
  await members.join(newMember({ roomId, creatorId: '' }, user, clock.now()));
}

/** Makes the user a member of a public room; no entry of its log, since nobody added them. */
export async function belong(
  { members, clock }: { members: MemberStore; clock: Clock },
  room: Room,
  member: Member | undefined,
  user: Pick<Caller, 'userId' | 'username'>,
): Promise<void> {
  if (!joinsByOpening({ room, member })) return;
  await members.join(newMember(room, user, clock.now()));
}
