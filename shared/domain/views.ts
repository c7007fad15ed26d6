/** From what is kept to what clients see. */
import type {
  Member as MemberView,
  Message as MessageView,
  Profile,
  Reader,
  Room as RoomView,
  Session as SessionView,
  UserSummary,
} from '../contract/entities.ts';
import { limits } from '../contract/limits.ts';
import { cutToLength } from './cut-text.ts';
import { encodeMessageId } from './message-id.ts';
import type { Account, Head, Member, MessageEntry, Room, Session, User } from './model.ts';

/** What stands in place of a deleted message. */
export const deletedContent = 'This message has been deleted';

/** What stands in place of the name of somebody whose account was deleted; no username has a space. */
export const deletedUsername = 'deleted user';

export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

export const messageCount = (head: Head | undefined): number =>
  head === undefined ? 0 : Math.max(0, head.taken - head.voids);

export function viewRoom(room: Room, head: Head | undefined): RoomView {
  return {
    room_id: room.roomId,
    room_name: room.name,
    created_at: isoTime(room.createdAt),
    creator_id: room.creatorId,
    creator_username: room.creatorUsername,
    description: room.description,
    is_private: room.isPrivate,
    is_direct: room.isDirect,
    message_count: messageCount(head),
    member_count: room.memberCount,
  };
}

export function viewMessage(entry: MessageEntry): MessageView {
  return {
    message_id: encodeMessageId(entry.roomId, entry.seq),
    room_id: entry.roomId,
    seq: entry.seq,
    sender_id: entry.userId,
    sender_username: entry.username,
    content: entry.isDeleted ? deletedContent : entry.content,
    timestamp: isoTime(entry.at),
    edited_at: entry.editedAt === undefined ? null : isoTime(entry.editedAt),
    is_deleted: entry.isDeleted,
    ...(entry.clientId === undefined ? {} : { client_id: entry.clientId }),
  };
}

/** A message that stands for its room in a list: long content is cut. */
export function viewPreview(entry: MessageEntry): MessageView {
  const view = viewMessage(entry);
  return { ...view, content: cutToLength(view.content, limits.previewLength) };
}

export const lastReadMessageId = (member: Member | undefined): string | null =>
  member?.lastRead === undefined ? null : encodeMessageId(member.roomId, member.lastRead.seq);

export function viewMember(member: Member): MemberView {
  return {
    id: member.userId,
    username: member.username,
    role: member.role,
    joined_at: isoTime(member.joinedAt),
    last_read_message_id: lastReadMessageId(member),
  };
}

export function viewReader(member: Member): Reader {
  return {
    user_id: member.userId,
    username: member.username,
    last_read_message_id: lastReadMessageId(member),
    read_at: member.lastRead === undefined ? null : isoTime(member.lastRead.at),
  };
}

export function viewUser(user: User): UserSummary {
  return { id: user.userId, username: user.username, profile_picture: user.profilePicture };
}

export function viewProfile(user: User & Account): Profile {
  return {
    id: user.userId,
    username: user.username,
    email: user.email,
    first_name: user.firstName,
    last_name: user.lastName,
    profile_picture: user.profilePicture,
  };
}

export function viewSession(session: Session, currentId: string): SessionView {
  return {
    id: session.sessionId,
    created_at: isoTime(session.createdAt),
    last_used_at: isoTime(session.rotatedAt ?? session.createdAt),
    expires_at: isoTime(session.currentEndsAt),
    is_current: session.sessionId === currentId,
    user_agent: session.userAgent ?? null,
  };
}
