/** Schemas of the objects that answers and events contain: users, rooms, members, messages. */
import * as z from 'zod';
import {
  AttachmentId,
  ClientId,
  MessageId,
  RoomId,
  Seq,
  SessionId,
  Timestamp,
  UserId,
} from './identifiers.ts';
import * as limits from './limits.ts';

const ProfilePicture = z
  .string()
  .nullable()
  .describe(
    'The address of a square WebP of at most 320 by 320 pixels, which stays; null for none. With `96` in place of `320` as the last part of its path, it is the address of a smaller one.',
  );

export const UserSummary = z
  .object({ id: UserId, username: z.string(), profile_picture: ProfilePicture })
  .meta({ id: 'UserSummary', description: 'A user as other users see them.' });

export const RegisteredUser = z
  .object({ id: UserId, username: z.string(), email: z.string() })
  .meta({ id: 'RegisteredUser', description: 'A user who has just registered.' });

export const Profile = z
  .object({
    id: UserId,
    username: z.string(),
    email: z.string().describe('Empty when the user has none.'),
    first_name: z.string(),
    last_name: z.string(),
    profile_picture: ProfilePicture,
  })
  .meta({ id: 'Profile', description: 'The caller’s own profile.' });

export const TokenPair = z
  .object({
    access: z.string().describe('The bearer token for HTTP requests and WebSocket handshakes.'),
    refresh: z.string().describe('The token for `/users/token/refresh/` and `/users/auth/logout/`.'),
  })
  .meta({ id: 'TokenPair', description: 'The tokens of a session.' });

export const Session = z
  .object({
    id: SessionId,
    created_at: Timestamp,
    last_used_at: Timestamp.describe('When the session began or its tokens were last refreshed.'),
    expires_at: Timestamp.describe('When the session ends, unless its tokens are refreshed before.'),
    is_current: z.boolean().describe('Whether it is the session of the access token in this request.'),
    user_agent: z.string().nullable().describe('The `User-Agent` header of the sign-in.'),
  })
  .meta({ id: 'Session', description: 'One sign-in of the caller, until it ends.' });

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
    peer: UserSummary.optional().describe(
      'The other user of a direct room, for its members. A deleted account keeps its id.',
    ),
  })
  .meta({ id: 'Room', description: 'A public, private or direct room.' });

const addressLifetime =
  'It is signed and ends after an hour to an hour and a half: `GET /chat/attachments/{attachment_id}/` renews it.';

export const Attachment = z
  .object({
    attachment_id: AttachmentId,
    name: z.string().describe('The name under which the file was uploaded, without a path.'),
    type: z.string().describe('The media type, as the bytes of the file say.'),
    size: z.int().min(1).describe('In bytes, as the file is served: images are written anew.'),
    alt: z.string().optional().describe('What the image shows, in words.'),
    width: z.int().min(1).optional().describe('Of an image, in pixels.'),
    height: z.int().min(1).optional().describe('Of an image, in pixels.'),
    url: z.string().describe(`The address of the file. ${addressLifetime}`),
    thumbnail_url: z
      .string()
      .optional()
      .describe(
        'Of an image: the address of a WebP of at most 320 by 320 pixels. With `96` or `1280` in place of `320` as the last part of its path, it is the address of a smaller or larger one.',
      ),
  })
  .meta({
    id: 'Attachment',
    description:
      'A file of a message. Images, audio and video of common types are served to be shown, all other files to be downloaded.',
  });

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
    attachments: z
      .array(Attachment)
      .optional()
      .describe(
        'The files of the message, in the order in which they were sent. Absent when there are none, and when the message was deleted. A message with attachments may have empty content.',
      ),
  })
  .meta({ id: 'Message', description: 'A message of a room. A deleted message keeps its place.' });

export const MessagePreview = Message.omit({ attachments: true })
  .extend({
    attachment_count: z
      .int()
      .min(1)
      .optional()
      .describe('How many attachments the message has. Absent when it has none.'),
  })
  .meta({ id: 'MessagePreview', description: 'A message as lists of rooms show it.' });

export const MyRoom = Room.extend({
  unread_count: z.int().min(0),
  last_read_message_id: MessageId.nullable(),
  last_message: MessagePreview.nullable().describe(
    `A preview that may be one second old. Content longer than ${limits.previewLength} characters is cut and ends with “…”.`,
  ),
}).meta({
  id: 'MyRoom',
  description: 'A room of the caller, with how far they have read it and its last message.',
});

export const MemberRole = z.enum(['owner', 'member']);

export const Member = z
  .object({
    id: UserId,
    username: z.string(),
    role: MemberRole,
    joined_at: Timestamp,
    last_read_message_id: MessageId.nullable(),
  })
  .meta({ id: 'Member', description: 'A member of a room.' });

export const Reader = z
  .object({
    user_id: UserId,
    username: z.string(),
    last_read_message_id: MessageId.nullable(),
    read_at: Timestamp.nullable(),
  })
  .meta({ id: 'Reader', description: 'How far a member has read a room.' });

export const Membership = z
  .object({
    room_id: RoomId,
    room_name: z.string(),
    role: MemberRole,
    joined_at: Timestamp,
    last_read_message_id: MessageId.nullable(),
    read_at: Timestamp.nullable(),
  })
  .meta({ id: 'Membership', description: 'A membership of the caller in a room.' });

export const AccountExport = z
  .object({
    account: Profile.extend({ created_at: Timestamp }).optional(),
    sessions: z.array(Session).optional(),
    memberships: z.array(Membership).optional(),
    rooms_created: z.array(Room).optional(),
    messages: z
      .array(Message)
      .describe(
        'The messages that the caller sent, by room, oldest first. A page can have none without being the last.',
      ),
  })
  .meta({ id: 'AccountExport', description: 'One page of everything that is stored about the caller.' });

export const ReadState = z
  .object({ last_read_message_id: MessageId.nullable(), unread_count: z.int().min(0) })
  .meta({
    id: 'ReadState',
    description: 'The caller’s read marker in a room, and how many messages follow it.',
  });

export const UnreadRooms = z
  .object({
    total: z.int().min(0).describe('The unread messages of these rooms together.'),
    rooms: z.array(z.object({ room_id: RoomId, unread_count: z.int().min(1) })),
  })
  .meta({ id: 'UnreadRooms', description: 'The rooms of the caller that have unread messages.' });

export const Ticket = z
  .object({ ticket: z.string(), expires_in: z.int().describe('The lifetime of the ticket in seconds.') })
  .meta({ id: 'Ticket', description: 'A credential for one WebSocket handshake.' });

export type UserSummary = z.infer<typeof UserSummary>;
export type RegisteredUser = z.infer<typeof RegisteredUser>;
export type Profile = z.infer<typeof Profile>;
export type TokenPair = z.infer<typeof TokenPair>;
export type Session = z.infer<typeof Session>;
export type Room = z.infer<typeof Room>;
export type MyRoom = z.infer<typeof MyRoom>;
export type Message = z.infer<typeof Message>;
export type MessagePreview = z.infer<typeof MessagePreview>;
export type Attachment = z.infer<typeof Attachment>;
export type Member = z.infer<typeof Member>;
export type MemberRole = z.infer<typeof MemberRole>;
export type Reader = z.infer<typeof Reader>;
export type Membership = z.infer<typeof Membership>;
export type AccountExport = z.infer<typeof AccountExport>;
export type ReadState = z.infer<typeof ReadState>;
export type UnreadRooms = z.infer<typeof UnreadRooms>;
export type Ticket = z.infer<typeof Ticket>;
