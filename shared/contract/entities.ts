/** What the API speaks of: users, rooms, members, messages. */
import * as z from 'zod';
import { ClientId, MessageId, RoomId, Seq, SessionId, Timestamp, UserId } from './identifiers.ts';
import { limits } from './limits.ts';

export const UserSummary = z
  .object({ id: UserId, username: z.string(), profile_picture: z.string().nullable() })
  .meta({ id: 'UserSummary' });

export const RegisteredUser = z
  .object({ id: UserId, username: z.string(), email: z.string() })
  .meta({ id: 'RegisteredUser' });

export const Profile = z
  .object({
    id: UserId,
    username: z.string(),
    email: z.string().describe('Empty when none was given.'),
    first_name: z.string(),
    last_name: z.string(),
    profile_picture: z.string().nullable(),
  })
  .meta({ id: 'Profile' });

export const TokenPair = z
  .object({
    access: z.string().describe('Bearer token for HTTP and WebSocket.'),
    refresh: z.string().describe('For /users/token/refresh/ only.'),
  })
  .meta({ id: 'TokenPair' });

export const Session = z
  .object({
    id: SessionId,
    created_at: Timestamp,
    last_used_at: Timestamp.describe('When it began, or last got a new refresh token.'),
    expires_at: Timestamp.describe('When it ends, unless it gets new tokens before.'),
    is_current: z.boolean().describe('The one of the access token that asks.'),
    user_agent: z.string().nullable().describe('As the client that signed in called itself.'),
  })
  .meta({ id: 'Session' });

export const Room = z
  .object({
    room_id: RoomId,
    room_name: z.string(),
    created_at: Timestamp,
    creator_id: UserId,
    creator_username: z.string(),
    description: z.string(),
    is_private: z.boolean(),
    is_direct: z.boolean(),
    message_count: z.int().min(0),
    member_count: z.int().min(0),
  })
  .meta({ id: 'Room' });

export const Message = z
  .object({
    message_id: MessageId,
    room_id: RoomId,
    seq: Seq,
    sender_id: UserId,
    sender_username: z.string(),
    content: z.string(),
    timestamp: Timestamp,
    edited_at: Timestamp.nullable(),
    is_deleted: z.boolean(),
    client_id: ClientId.optional(),
  })
  .meta({ id: 'Message' });

export const MyRoom = Room.extend({
  unread_count: z.int().min(0),
  last_read_message_id: MessageId.nullable(),
  last_message: Message.nullable().describe(
    `A preview, up to a second old: content beyond ${limits.previewLength} characters is cut and ends with “…”.`,
  ),
}).meta({ id: 'MyRoom' });

export const MemberRole = z.enum(['owner', 'member']);

export const Member = z
  .object({
    id: UserId,
    username: z.string(),
    role: MemberRole,
    joined_at: Timestamp,
    last_read_message_id: MessageId.nullable(),
  })
  .meta({ id: 'Member' });

export const Reader = z
  .object({
    user_id: UserId,
    username: z.string(),
    last_read_message_id: MessageId.nullable(),
    read_at: Timestamp.nullable(),
  })
  .meta({ id: 'Reader' });

export const Membership = z
  .object({
    room_id: RoomId,
    room_name: z.string(),
    role: MemberRole,
    joined_at: Timestamp,
    last_read_message_id: MessageId.nullable(),
    read_at: Timestamp.nullable(),
  })
  .meta({ id: 'Membership' });

export const AccountExport = z
  .object({
    account: Profile.extend({ created_at: Timestamp }).optional(),
    sessions: z.array(Session).optional(),
    memberships: z.array(Membership).optional(),
    rooms_created: z.array(Room).optional(),
    messages: z
      .array(Message)
      .describe('The caller’s own, room by room, oldest first. A page may hold none and not be the last.'),
  })
  .meta({ id: 'AccountExport' });

export const ReadState = z
  .object({ last_read_message_id: MessageId.nullable(), unread_count: z.int().min(0) })
  .meta({ id: 'ReadState' });

export const Ticket = z
  .object({ ticket: z.string(), expires_in: z.int().describe('Seconds.') })
  .meta({ id: 'Ticket' });

export type UserSummary = z.infer<typeof UserSummary>;
export type RegisteredUser = z.infer<typeof RegisteredUser>;
export type Profile = z.infer<typeof Profile>;
export type TokenPair = z.infer<typeof TokenPair>;
export type Session = z.infer<typeof Session>;
export type Room = z.infer<typeof Room>;
export type MyRoom = z.infer<typeof MyRoom>;
export type Message = z.infer<typeof Message>;
export type Member = z.infer<typeof Member>;
export type MemberRole = z.infer<typeof MemberRole>;
export type Reader = z.infer<typeof Reader>;
export type Membership = z.infer<typeof Membership>;
export type AccountExport = z.infer<typeof AccountExport>;
export type ReadState = z.infer<typeof ReadState>;
export type Ticket = z.infer<typeof Ticket>;
