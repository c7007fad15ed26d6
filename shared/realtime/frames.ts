/** Builds the events that the server sends from the domain's facts. */
import * as limits from '../contract/limits.ts';
import { frameCodes, errorCodes, type FrameCodeName } from '../contract/errors.ts';
import type { EventOf, ServerEvent } from '../contract/websocket/events.ts';
import { deletedContent } from '../contract/wire-constants.ts';
import type { ChatError } from '../domain/chat-error.ts';
import type { ViewAttachments } from '../domain/files/view-attachments.ts';
import { encodeMessageId } from '../domain/message-id.ts';
import type { Connection } from '../domain/model/connections.ts';
import type { LogEntry, MessageEntry } from '../domain/model/log.ts';
import type { Head, Member } from '../domain/model/rooms.ts';
import { takeWithinBytes } from '../domain/take-within-bytes.ts';
import { isoTime, viewMember, viewPreview, viewRoomOf } from '../domain/views.ts';

/** Leaves room in a frame for the other fields of the event. */
const roomUsersBytes = limits.frameBytes - 512;

/** Lists as many users as one frame holds; `total` says how many there are when some are left out. */
export function roomUsersList(
  roomId: string,
  present: readonly { id: string; username: string }[],
): EventOf<'room_users_list'> {
  const users = takeWithinBytes(present.slice(0, limits.roomUsersListed), roomUsersBytes);
  const total = users.length < present.length ? { total: present.length } : {};
  return { type: 'room_users_list', room_id: roomId, users, ...total };
}

export function chatMessage(entry: MessageEntry, viewAttachments: ViewAttachments): EventOf<'chat_message'> {
  return {
    type: 'chat_message',
    message_id: encodeMessageId(entry.roomId, entry.seq),
    room_id: entry.roomId,
    seq: entry.seq,
    message: entry.isDeleted ? deletedContent : entry.content,
    sender_id: entry.userId,
    sender_username: entry.username,
    timestamp: isoTime(entry.at),
    edited_at: entry.editedAtMs === undefined ? null : isoTime(entry.editedAtMs),
    is_deleted: entry.isDeleted,
    ...(entry.clientId === undefined ? {} : { client_id: entry.clientId }),
    ...viewAttachments(entry),
  };
}

/** An entry that clients see and that is no message. */
type VisibleChange = Exclude<LogEntry, { kind: 'void' | 'message' }>;

/** Returns the event of a log entry. `target` is the message that an edit or a deletion points at. */
export function entryEvent(
  entry: MessageEntry | VisibleChange,
  target: MessageEntry | undefined,
  viewAttachments: ViewAttachments,
): ServerEvent {
  return entry.kind === 'message' ? chatMessage(entry, viewAttachments) : changeEvent(entry, target);
}

/** Does the same for an entry that is no message. */
export function changeEvent(entry: VisibleChange, target: MessageEntry | undefined): ServerEvent {
  const { roomId: room_id, seq } = entry;
  switch (entry.kind) {
    case 'edit': {
      const message_id = encodeMessageId(room_id, entry.targetSeq);
      // The message has been deleted since the edit, so its content no longer exists.
      if (target === undefined || target.isDeleted)
        return { type: 'message_deleted', message_id, room_id, seq };
      return {
        type: 'message_edited',
        message_id,
        room_id,
        seq,
        new_content: target.content,
        edited_at: isoTime(target.editedAtMs ?? entry.at),
        sender_id: entry.userId,
        sender_username: entry.username,
      };
    }
    case 'delete':
      return { type: 'message_deleted', message_id: encodeMessageId(room_id, entry.targetSeq), room_id, seq };
    case 'member_added':
    case 'member_updated':
      return { type: entry.kind, room_id, seq, member: viewMember(entry.member) };
    case 'member_removed':
      return {
        type: 'member_removed',
        room_id,
        seq,
        member: { id: entry.member.userId, username: entry.member.username },
      };
    case 'room_updated':
      return { type: 'room_updated', room_id, seq, room: viewRoomOf(entry) };
    case 'room_deleted':
      return { type: 'room_deleted', room_id, seq, room: viewRoomOf(entry) };
  }
}

export function ready(
  connection: Pick<Connection, 'userId' | 'username'>,
  room: { roomId: string; name: string; head: Pick<Head, 'seq'> } | undefined,
  {
    heartbeatSeconds,
    now,
    inbox,
    ref,
  }: { heartbeatSeconds: number; now: number; inbox?: boolean; ref?: string | undefined },
): EventOf<'ready'> {
  return {
    type: 'ready',
    user: { id: connection.userId, username: connection.username },
    room_id: room?.roomId ?? null,
    room: room?.name ?? null,
    head: room?.head.seq ?? null,
    heartbeat_seconds: heartbeatSeconds,
    server_time: isoTime(now),
    ...(inbox === true ? { inbox } : {}),
    ...(ref === undefined ? {} : { ref }),
  };
}

export function roomActivity(
  { roomId, seq }: Pick<Head, 'roomId' | 'seq'>,
  last: MessageEntry | undefined,
  unreadCount: number,
): EventOf<'room_activity'> {
  return {
    type: 'room_activity',
    room_id: roomId,
    head: seq,
    unread_count: unreadCount,
    last_message: last === undefined ? null : viewPreview(last),
  };
}

/** Returns undefined for a member who has no read marker. */
export function messageRead(member: Member): EventOf<'message_read'> | undefined {
  if (member.lastRead === undefined) return undefined;
  return {
    type: 'message_read',
    room_id: member.roomId,
    user_id: member.userId,
    username: member.username,
    message_id: encodeMessageId(member.roomId, member.lastRead.seq),
    read_at: isoTime(member.lastRead.at),
  };
}

/** Returns the event that answers a failed command. `ref` is the command's `ref` or `client_id`. */
export function errorFrame(error: ChatError, ref: string | undefined): EventOf<'error'> {
  const name = errorCodes[error.code].frame;
  const { code, retryable } = frameCodes[name];
  const [field] = error.fields ?? [];
  return {
    type: 'error',
    error: field === undefined ? error.message : field.message,
    code,
    name,
    retryable,
    ...(error.retryAfterMs === undefined ? {} : { retry_after_ms: Math.ceil(error.retryAfterMs) }),
    ...(ref === undefined ? {} : { ref }),
  };
}

export function closeFrame(name: FrameCodeName, reason: string): EventOf<'close'> {
  const { code, reconnect, resume } = frameCodes[name];
  return { type: 'close', code, reason, reconnect, resume };
}
