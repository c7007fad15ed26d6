/**
 * The permissions in rooms as one table, the same for HTTP and WebSocket. HTTP checks them for each request.
 * A socket checks them when it opens a room, and a user who loses the permission later is evicted from the
 * room.
 */
import { ChatError } from './chat-error.ts';
import type { MessageEntry } from './model/log.ts';
import type { Member, Room } from './model/rooms.ts';

export type RoomKind = 'public' | 'private' | 'direct';

/** What a user is in a room. A stranger is a signed-in user who is not a member. */
export type Standing = 'owner' | 'member' | 'stranger';

const everyone: readonly Standing[] = ['owner', 'member', 'stranger'];
const members: readonly Standing[] = ['owner', 'member'];
const ownerOnly: readonly Standing[] = ['owner'];
const membersButOwner: readonly Standing[] = ['member'];
const noOne: readonly Standing[] = [];

/** By action and kind of room: the users who may do it. */
export const roomRules = {
  seeRoom: { public: everyone, private: members, direct: members },
  readMessages: { public: everyone, private: members, direct: members },
  searchMessages: { public: everyone, private: members, direct: members },
  sendMessage: { public: everyone, private: members, direct: members },
  editMessage: { public: everyone, private: members, direct: members },
  deleteMessage: { public: everyone, private: members, direct: members },
  markRead: { public: everyone, private: members, direct: members },
  markUnread: { public: everyone, private: members, direct: members },
  openSocket: { public: everyone, private: members, direct: members },
  listMembers: { public: everyone, private: members, direct: members },
  updateRoom: { public: ownerOnly, private: ownerOnly, direct: noOne },
  deleteRoom: { public: ownerOnly, private: ownerOnly, direct: noOne },
  addMember: { public: noOne, private: ownerOnly, direct: noOne },
  removeMember: { public: noOne, private: ownerOnly, direct: noOne },
  leaveRoom: { public: membersButOwner, private: membersButOwner, direct: noOne },
} as const satisfies Record<string, Record<RoomKind, readonly Standing[]>>;

export type RoomAction = keyof typeof roomRules;

/** Returns the column of `roomRules` that applies to the room. */
export function kindOf(room: Room): RoomKind {
  if (room.isDirect) return 'direct';
  return room.isPrivate ? 'private' : 'public';
}

/**
 * Returns what the user is in the room. The role decides, not who created the room: when an owner's account
 * is deleted, the role passes to a successor. A direct room has no owner.
 */
export function standingOf(room: Room, userId: string, member: Member | undefined): Standing {
  if (member === undefined || member.userId !== userId) return 'stranger';
  return member.role === 'owner' && !room.isDirect ? 'owner' : 'member';
}

/** Returns whether a room has an owner. The two members of a direct room have the same rights. */
export const needsOwner = (room: Room): boolean => !room.isDirect;

/** Returns whether the user created the room, even if another member owns it now. */
export function isCreatorOf(room: Room | undefined, userId: string): room is Room {
  return room?.creatorId === userId;
}

/** Returns whether `roomRules` allows the action. */
export function isAllowed(action: RoomAction, kind: RoomKind, standing: Standing): boolean {
  return roomRules[action][kind].includes(standing);
}

/** Returns whether a member who leaves the room or is removed from it can no longer read it. */
export function endsWithMembership(room: Room): boolean {
  return !isAllowed('readMessages', kindOf(room), 'stranger');
}

/**
 * Checks that the user may do something in the room.
 * @throws ChatError `not_found` when the user may not know that the room exists, otherwise `forbidden`
 */
export function authorize(action: RoomAction, room: Room, userId: string, member: Member | undefined): void {
  const kind = kindOf(room);
  const standing = standingOf(room, userId, member);
  if (isAllowed(action, kind, standing)) return;
  throw new ChatError(isAllowed('seeRoom', kind, standing) ? 'forbidden' : 'not_found');
}

/**
 * Checks that the user may open a socket in a room that was found by its name. A name that is taken cannot be
 * hidden, so a private room is refused and not called missing. Only a direct room is: its name is no secret,
 * but whether its users have opened it is.
 * @throws ChatError `not_found` for a direct room, otherwise `forbidden`
 */
export function authorizeByName(room: Room, userId: string, member: Member | undefined): void {
  const kind = kindOf(room);
  if (isAllowed('openSocket', kind, standingOf(room, userId, member))) return;
  throw new ChatError(kind === 'direct' ? 'not_found' : 'forbidden');
}

/**
 * Checks that the user sent the message, whatever their role in the room.
 * @throws ChatError `forbidden`
 */
export function assertSender(message: Pick<MessageEntry, 'userId'>, userId: string): void {
  if (message.userId !== userId) throw new ChatError('forbidden');
}
