/** Turns entities into what clients see of them. */
import type {
  Member as MemberView,
  Message as MessageView,
  MessagePreview,
  Profile,
  Reader,
  Room as RoomView,
  Session as SessionView,
  UserSummary,
} from '../contract/entities.ts';
import * as limits from '../contract/limits.ts';
import { deletedContent } from '../contract/wire-constants.ts';
import { cutToLength } from './cut-text.ts';
import {
  attachmentsOf,
  viewAttachmentsOf,
  type ViewAttachments,
  type ViewPorts,
} from './files/view-attachments.ts';
import { encodeMessageId } from './message-id.ts';
import { receiptOf } from './messages/receipt.ts';
import type { Account, Session, User } from './model/accounts.ts';
import type { MemberRecord, MessageEntry, RoomEntry } from './model/log.ts';
import type { Head, Member, Room } from './model/rooms.ts';

/** Replaces the username of a deleted account. No real username contains a space. */
export const deletedUsername = 'deleted user';

/** Formats milliseconds since 1970 as ISO 8601 in UTC. */
export const isoTime = (timeMs: number): string => new Date(timeMs).toISOString();

/** Returns the number of messages in a room, deleted ones included. */
export const messageCount = (head: Head | undefined): number =>
  head === undefined ? 0 : Math.max(0, head.messageSeqs - head.voids);

/** Returns a room as clients see it. `head` counts its messages; `peer` is the other user of a direct room. */
export const viewRoom = (room: Room, head: Head | undefined, peer?: UserSummary): RoomView => ({
  ...viewRoomOf({ room, messageCount: messageCount(head) }),
  ...(peer === undefined ? {} : { peer }),
});

/** Returns the room of an entry as clients see it. */
export function viewRoomOf({ room, messageCount }: Pick<RoomEntry, 'room' | 'messageCount'>): RoomView {
  return {
    room_id: room.roomId,
    room_name: room.name,
    created_at: isoTime(room.createdAtMs),
    creator_id: room.creatorId,
    creator_username: room.creatorUsername,
    description: room.description,
    is_private: room.isPrivate,
    is_direct: room.isDirect,
    message_count: messageCount,
    member_count: room.memberCount,
  };
}

/** Returns messages as clients see them, without the content of deleted ones. */
export async function viewMessages(
  ports: ViewPorts,
  entries: readonly MessageEntry[],
): Promise<MessageView[]> {
  const viewAttachments = await viewAttachmentsOf(ports, entries);
  return entries.map((entry) => viewMessageWith(entry, viewAttachments));
}

/** Returns a message as clients see it, with a view of its attachments that was opened for it. */
export const viewMessageWith = (entry: MessageEntry, viewAttachments: ViewAttachments): MessageView => ({
  ...viewWithoutAttachments(entry),
  ...viewAttachments(entry),
});

/** Returns one message as clients see it. */
export async function viewMessage(ports: ViewPorts, entry: MessageEntry): Promise<MessageView> {
  const [view] = await viewMessages(ports, [entry]);
  return view as MessageView;
}

function viewWithoutAttachments(entry: MessageEntry): Omit<MessageView, 'attachments'> {
  return {
    message_id: encodeMessageId(entry.roomId, entry.seq),
    room_id: entry.roomId,
    seq: entry.seq,
    sender_id: entry.userId,
    sender_username: entry.username,
    content: entry.isDeleted ? deletedContent : entry.content,
    timestamp: isoTime(entry.at),
    edited_at: entry.editedAtMs === undefined ? null : isoTime(entry.editedAtMs),
    is_deleted: entry.isDeleted,
    ...(entry.clientId === undefined ? {} : { client_id: entry.clientId }),
  };
}

/** Returns a message as a list of rooms shows it, with long content cut. */
export function viewPreview(entry: MessageEntry): MessagePreview {
  const view = viewWithoutAttachments(entry);
  const count = attachmentsOf(entry).length;
  return {
    ...view,
    content: cutToLength(view.content, limits.previewLength),
    ...(count > 0 && { attachment_count: count }),
  };
}

/** Returns the id of the message that the member read last, or null. */
export const lastReadMessageId = (
  member: Pick<MemberRecord, 'roomId' | 'lastRead'> | undefined,
): string | null =>
  member?.lastRead === undefined || member.lastRead.seq === 0
    ? null
    : encodeMessageId(member.roomId, member.lastRead.seq);

/** Returns a member as other users see them. */
export function viewMember(member: MemberRecord & Pick<Member, 'furthestRead'>): MemberView {
  const { roomId, ...reading } = member;
  const receipt = receiptOf<{ seq: number }>(reading);
  return {
    id: member.userId,
    username: member.username,
    role: member.role,
    joined_at: isoTime(member.joinedAtMs),
    last_read_message_id: receipt === undefined ? null : encodeMessageId(roomId, receipt.seq),
  };
}

/** Returns how far a member has read, as other users see it. */
export function viewReader(member: Member): Reader {
  const receipt = receiptOf<{ seq: number; at: number }>(member);
  return {
    user_id: member.userId,
    username: member.username,
    last_read_message_id: receipt === undefined ? null : encodeMessageId(member.roomId, receipt.seq),
    read_at: receipt === undefined ? null : isoTime(receipt.at),
  };
}

/** Returns a user as other users see them. */
export function viewUser(user: User): UserSummary {
  return { id: user.userId, username: user.username, profile_picture: user.profilePicture };
}

/** Returns a user's profile as the user sees it. */
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

/** Returns a session as its user sees it. `currentSessionId` is the session of the request. */
export function viewSession(session: Session, currentSessionId: string): SessionView {
  return {
    id: session.sessionId,
    created_at: isoTime(session.createdAtMs),
    last_used_at: isoTime(session.rotatedAtMs ?? session.createdAtMs),
    expires_at: isoTime(session.currentEndsAtMs),
    is_current: session.sessionId === currentSessionId,
    user_agent: session.userAgent ?? null,
  };
}
