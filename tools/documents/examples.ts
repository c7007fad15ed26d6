/** The examples in the documents. They are about the same users, room and messages, so that their ids match. */
import type * as z from 'zod';
import type {
  Attachment,
  Member,
  Membership,
  Message,
  MyRoom,
  Profile,
  Room,
  Session,
} from '../../shared/contract/entities.ts';
import type { UploadForm } from '../../shared/contract/files.ts';
import type { SearchResult } from '../../shared/contract/search.ts';
import type { CommandName, commands } from '../../shared/contract/websocket/commands.ts';
import type { EventName, EventOf } from '../../shared/contract/websocket/events.ts';

export const ann = { id: '3f1c2a52-8d1e-4f0b-9a57-2c6d0e4b7a11', username: 'ann' };
export const bob = { id: '9b7e4c1d-52a6-4d3f-8e90-71c5a2f6d038', username: 'bob' };
const roomId = 'c5a0d7e2-1b34-4f68-a9c1-60e8f3b2d947';
const firstId = 'xaDX4hs0T2ipwWDo87LZRwAAAAc';
const secondId = 'xaDX4hs0T2ipwWDo87LZRwAAAAg';
const sentAt = '2026-11-22T12:00:00.000Z';
const laterAt = '2026-11-22T12:00:04.250Z';

const room: Room = {
  room_id: roomId,
  room_name: 'general',
  created_at: '2026-11-21T09:30:00.000Z',
  creator_id: ann.id,
  creator_username: ann.username,
  description: 'Everything else',
  is_private: false,
  is_direct: false,
  message_count: 6,
  member_count: 2,
};

const attachment: Attachment = {
  attachment_id: 'xaDX4hs0T2ipwWDo87LZRyO0bC5mPkXvl2gJr8uDqXw',
  name: 'plan.png',
  type: 'image/png',
  size: 48_213,
  alt: 'a map of the way to the station',
  width: 1_200,
  height: 800,
  url: 'https://chat.example.com/files/c5a0d7e2-1b34-4f68-a9c1-60e8f3b2d947/Wm9vZ2xlX2ZvbGRlcl8wMQ/original?until=1795348800&signature=…',
  thumbnail_url:
    'https://chat.example.com/files/c5a0d7e2-1b34-4f68-a9c1-60e8f3b2d947/Wm9vZ2xlX2ZvbGRlcl8wMQ/320?until=1795348800&signature=…',
};

const uploadForm: UploadForm = {
  upload_id: attachment.attachment_id,
  url: 'https://files.s3.us-east-1.amazonaws.com/',
  fields: {
    key: `incoming/${attachment.attachment_id}`,
    'Content-Type': 'image/png',
    bucket: 'files',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    Policy: 'eyJleHBpcmF0aW9uIjoi…',
    'X-Amz-Signature': '5d3c1f…',
  },
  expires_in: 300,
};

const message: Message = {
  message_id: firstId,
  room_id: roomId,
  seq: 7,
  sender_id: ann.id,
  sender_username: ann.username,
  content: 'hello',
  timestamp: sentAt,
  edited_at: null,
  is_deleted: false,
  client_id: 'c-1',
};

const searchResult: SearchResult = { ...message, highlights: [{ start: 0, end: 5 }] };

const myRoom: MyRoom = { ...room, unread_count: 1, last_read_message_id: firstId, last_message: message };

const profile: Profile = {
  ...ann,
  email: 'ann@example.com',
  first_name: 'Ann',
  last_name: 'Arbor',
  profile_picture: null,
};

const session: Session = {
  id: '5d2e9b70-6c1a-4e83-b0f4-27a9d1c8e356',
  created_at: '2026-11-21T09:12:00.000Z',
  last_used_at: '2026-11-22T11:57:00.000Z',
  expires_at: '2026-11-23T11:57:00.000Z',
  is_current: true,
  user_agent: 'Mozilla/5.0 (X11; Linux x86_64)',
};

const membership: Membership = {
  room_id: roomId,
  room_name: 'general',
  role: 'owner',
  joined_at: '2026-11-21T09:30:00.000Z',
  last_read_message_id: firstId,
  read_at: laterAt,
};

const member: Member = {
  ...bob,
  role: 'member',
  joined_at: '2026-11-21T10:00:00.000Z',
  last_read_message_id: firstId,
};

/** An example of each entity, by the id of its schema. */
export const entityExamples: Readonly<Record<string, unknown>> = {
  UserSummary: { ...bob, profile_picture: null },
  RegisteredUser: { ...ann, email: 'ann@example.com' },
  Profile: profile,
  TokenPair: { access: 'eyJhbGciOi…', refresh: 'eyJhbGciOi…' },
  Session: session,
  Room: room,
  MyRoom: myRoom,
  Message: { ...message, attachments: [attachment] },
  MessagePreview: { ...message, attachment_count: 1 },
  Attachment: attachment,
  UploadForm: uploadForm,
  Member: member,
  Reader: {
    user_id: bob.id,
    username: bob.username,
    last_read_message_id: firstId,
    read_at: laterAt,
  },
  Membership: membership,
  AccountExport: {
    account: { ...profile, created_at: '2026-11-21T09:12:00.000Z' },
    sessions: [session],
    memberships: [membership],
    rooms_created: [room],
    messages: [message],
  },
  ReadState: { last_read_message_id: firstId, unread_count: 0 },
  Ticket: { ticket: 'q4Zc1vJm8yTn0sWk', expires_in: 30 },
  Health: { status: 'ok', version: '0.1.0' },
  Highlight: { start: 0, end: 5 },
  SearchResult: searchResult,
  SearchPage: { results: [searchResult], searched_back_to: sentAt, cursor: 'WyJ4YURYNGhzMC4uLiJd.3q2-7w' },
};

/** Examples of request bodies whose schemas have none, by the id of the schema. */
export const bodyExamples: Readonly<Record<string, unknown>> = {
  RefreshTokens: { refresh: 'the refresh token from the login' },
  LogoutUser: { refresh: 'the refresh token from the login' },
  AddMember: { user_id: bob.id },
  MarkRead: { message_id: firstId },
  MarkUnread: { message_id: firstId },
  LeaveRoom: {},
  OpenDirectRoom: {},
};

export const commandExamples: { [N in CommandName]: z.input<(typeof commands)[N]> } = {
  message: { type: 'message', content: 'hello' },
  typing: { type: 'typing', is_typing: true },
  read: { type: 'read', message_id: firstId },
  edit: { type: 'edit', message_id: firstId, content: 'hello, everyone' },
  delete: { type: 'delete', message_id: firstId },
  history: { type: 'history', before: 7, limit: 50 },
  join: { type: 'join', room_id: roomId, after: 7, ref: 'r-1' },
  leave: { type: 'leave', room_id: roomId, ref: 'r-2' },
  inbox: { type: 'inbox', ref: 'r-3' },
  auth: { type: 'auth', token: 'eyJhbGciOi…' },
  ping: { type: 'ping' },
};

const sender = { sender_id: ann.id, sender_username: ann.username };
const presentUser = { user_id: bob.id, username: bob.username, room_id: roomId };

export const eventExamples: { [N in EventName]: EventOf<N> } = {
  ready: {
    type: 'ready',
    user: ann,
    room_id: roomId,
    room: 'general',
    head: 6,
    heartbeat_seconds: 240,
    server_time: sentAt,
  },
  left: { type: 'left', room_id: roomId, ref: 'r-2' },
  room_users_list: { type: 'room_users_list', room_id: roomId, users: [ann, bob] },
  chat_message: {
    type: 'chat_message',
    message_id: firstId,
    room_id: roomId,
    seq: 7,
    message: 'hello',
    ...sender,
    timestamp: sentAt,
    edited_at: null,
    is_deleted: false,
    client_id: 'c-1',
  },
  history_end: {
    type: 'history_end',
    room_id: roomId,
    first_seq: 1,
    head: 6,
    has_more: false,
    recovered: true,
  },
  user_join: { type: 'user_join', ...presentUser },
  user_leave: { type: 'user_leave', ...presentUser },
  typing_indicator: {
    type: 'typing_indicator',
    user: bob.username,
    user_id: bob.id,
    room: 'general',
    room_id: roomId,
    is_typing: true,
    expires_in_ms: 8_000,
  },
  message_edited: {
    type: 'message_edited',
    message_id: firstId,
    room_id: roomId,
    seq: 8,
    new_content: 'hello, everyone',
    edited_at: laterAt,
    ...sender,
  },
  message_deleted: { type: 'message_deleted', message_id: secondId, room_id: roomId, seq: 9 },
  message_read: { type: 'message_read', ...presentUser, message_id: firstId, read_at: laterAt },
  message_unread: { type: 'message_unread', room_id: roomId, message_id: firstId, unread_count: 1 },
  member_added: { type: 'member_added', room_id: roomId, seq: 10, member },
  member_updated: { type: 'member_updated', room_id: roomId, seq: 12, member: { ...member, role: 'owner' } },
  member_removed: { type: 'member_removed', room_id: roomId, seq: 11, member: bob },
  room_updated: { type: 'room_updated', room_id: roomId, seq: 12, room },
  room_deleted: { type: 'room_deleted', room_id: roomId, seq: 13, room },
  room_activity: {
    type: 'room_activity',
    room_id: roomId,
    head: 7,
    unread_count: 1,
    last_message: message,
  },
  ack: {
    type: 'ack',
    client_id: 'c-1',
    message_id: firstId,
    room_id: roomId,
    seq: 7,
    timestamp: sentAt,
    duplicate: false,
  },
  pong: { type: 'pong', heads: { [roomId]: 7 }, server_time: laterAt },
  error: {
    type: 'error',
    error: 'Too many requests. Wait before you send the next one.',
    code: 4029,
    name: 'rate_limited',
    retryable: true,
    retry_after_ms: 1_500,
    ref: 'c-1',
  },
  close: {
    type: 'close',
    code: 4200,
    reason: 'Planned reconnect: connect again and resume',
    reconnect: true,
    resume: true,
  },
};
