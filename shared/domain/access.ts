/**
 * Who may do what in which kind of room: the rules as one table, the same for HTTP and WebSocket. HTTP asks at each
 * request. A socket asks when it opens a room; whoever loses that right has the room taken off their sockets.
 */
import { ChatError } from './chat-error.ts';
import type { Member, MessageEntry, Room } from './model.ts';

export type RoomKind = 'public' | 'private' | 'direct';
export type Standing = 'owner' | 'member' | 'stranger';

const everyone: readonly Standing[] = ['owner', 'member', 'stranger'];
const members: readonly Standing[] = ['owner', 'member'];
const owner: readonly Standing[] = ['owner'];
const memberOnly: readonly Standing[] = ['member'];
const nobody: readonly Standing[] = [];

/** Who may do it, by kind of room. `strangers` of a public room are signed-in users who do not belong to it. */
export const roomRules = {
  seeRoom: { public: everyone, private: members, direct: members },
  readMessages: { public: everyone, private: members, direct: members },
  sendMessage: { public: everyone, private: members, direct: members },
  editMessage: { public: everyone, private: members, direct: members },
  deleteMessage: { public: everyone, private: members, direct: members },
  markRead: { public: everyone, private: members, direct: members },
  openSocket: { public: everyone, private: members, direct: members },
  listMembers: { public: everyone, private: members, direct: members },
  updateRoom: { public: owner, private: owner, direct: nobody },
  deleteRoom: { public: owner, private: owner, direct: nobody },
  addMember: { public: nobody, private: owner, direct: nobody },
  removeMember: { public: nobody, private: owner, direct: nobody },
  leaveRoom: { public: memberOnly, private: memberOnly, direct: nobody },
} as const satisfies Record<string, Record<RoomKind, readonly Standing[]>>;

export type RoomAction = keyof typeof roomRules;

export function kindOf(room: Room): RoomKind {
  if (room.isDirect) return 'direct';
  return room.isPrivate ? 'private' : 'public';
}

/** By the member's role and not by who made the room: the role passes to an heir when its holder's account is deleted. */
export function standingOf(room: Room, userId: string, member: Member | undefined): Standing {
  if (member === undefined || member.userId !== userId) return 'stranger';
  return member.role === 'owner' && !room.isDirect ? 'owner' : 'member';
}

/** Whether a room has an owner. The two members of a direct room have the same rights. */
export const needsOwner = (room: Room): boolean => !room.isDirect;

/** Made it, whoever manages it now. */
export function isCreatorOf(room: Room | undefined, userId: string): room is Room {
  return room?.creatorId === userId;
}

export function isAllowed(action: RoomAction, kind: RoomKind, standing: Standing): boolean {
  return roomRules[action][kind].includes(standing);
}

/** Whether a member who leaves, or is removed, may not even read any more. */
export function endsWithMembership(room: Room): boolean {
  return !isAllowed('readMessages', kindOf(room), 'stranger');
}

/** Throws `not_found` where the room must not even be known of, `forbidden` where only the action is refused. */
export function authorize(action: RoomAction, room: Room, userId: string, member: Member | undefined): void {
  const kind = kindOf(room);
  const standing = standingOf(room, userId, member);
  if (isAllowed(action, kind, standing)) return;
  throw new ChatError(isAllowed('seeRoom', kind, standing) ? 'forbidden' : 'not_found');
}

/** A message is its sender's, whatever the room. Throws `forbidden`. */
export function assertSender(message: Pick<MessageEntry, 'userId'>, userId: string): void {
  if (message.userId !== userId) throw new ChatError('forbidden');
}
