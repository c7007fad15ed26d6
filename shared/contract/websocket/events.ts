/** All events that the server sends. */
import * as z from 'zod';
import { Attachment, Member, MessagePreview, Room } from '../entities.ts';
import { ClientId, MessageId, RoomId, Seq, Timestamp, UserId } from '../identifiers.ts';
import * as limits from '../limits.ts';

const event = <T extends string, S extends z.ZodRawShape>(type: T, summary: string, shape: S) =>
  z.object({ type: z.literal(type), ...shape }).meta({ id: `${type}Event`, description: summary });

const RoomUser = z.object({ id: UserId, username: z.string() });
const Ref = z.string().optional().describe('The `ref` of the command that this event answers.');
const Head = z.int().min(0).describe('The last `seq` of the room; 0 when its log is empty.');

export const events = {
  ready: event(
    'ready',
    'The room is open. On a socket that was opened without a room, the first `ready` has no room: its fields are null.',
    {
      user: RoomUser,
      room_id: RoomId.nullable(),
      room: z.string().nullable(),
      head: Head.nullable(),
      heartbeat_seconds: z.int().describe('Send a `ping` at least this often.'),
      server_time: Timestamp,
      inbox: z
        .literal(true)
        .optional()
        .describe(
          'Only without a room: from now on, this socket receives `room_activity`. Servers that do not know `inbox` never send it.',
        ),
      ref: Ref,
    },
  ),
  left: event('left', 'The answer to `leave`: the room is no longer open on this socket.', {
    room_id: RoomId,
    ref: Ref,
  }),
  room_users_list: event('room_users_list', 'The users who are present in the room.', {
    room_id: RoomId,
    users: z.array(RoomUser).describe(`At most ${limits.roomUsersListed}.`),
    total: z.int().optional().describe('How many users are present, when not all of them are listed.'),
  }),
  chat_message: event('chat_message', 'A new message, or a message of the history.', {
    message_id: MessageId,
    room_id: RoomId,
    seq: Seq,
    message: z.string().describe('The content of the message.'),
    sender_id: UserId,
    sender_username: z.string(),
    timestamp: Timestamp,
    edited_at: Timestamp.nullable(),
    is_deleted: z.boolean(),
    client_id: ClientId.optional(),
    attachments: z
      .array(Attachment)
      .optional()
      .describe('The files of the message. Absent when there are none. `message` may be empty then.'),
  }),
  history_end: event(
    'history_end',
    'The end of the history that the server sends after opening a room, and of each answer to `history`.',
    {
      room_id: RoomId,
      first_seq: Seq.nullable().describe(
        'All entries from this `seq` on were sent; null when there were none to send. If `has_more` is true, request the next older page with `before` set to this `seq`, even when no message was sent.',
      ),
      head: Head.describe(
        'All entries up to this `seq` were sent, except those of the next page. When an answer to `after` has more and fewer entries than requested, request the next page with `after` set to this `seq`.',
      ),
      has_more: z
        .boolean()
        .describe(
          'There are, or may be, more entries in the requested direction: the server reads a bounded part of the log for each answer.',
        ),
      recovered: z.boolean().describe('False when a resume could not send all missed entries.'),
      gap: z.object({ from: Seq, to: Seq }).optional().describe('The entries that a resume could not send.'),
      ref: Ref,
    },
  ),
  user_join: event('user_join', 'A user has entered the room with their first socket.', {
    user_id: UserId,
    username: z.string(),
    room_id: RoomId,
  }),
  user_leave: event('user_leave', 'A user has left the room with their last socket.', {
    user_id: UserId,
    username: z.string(),
    room_id: RoomId,
  }),
  typing_indicator: event('typing_indicator', 'Another user has started or stopped typing.', {
    user: z.string().describe('The name of the user.'),
    user_id: UserId,
    room: z.string(),
    room_id: RoomId,
    is_typing: z.boolean(),
    expires_in_ms: z
      .int()
      .describe('After this time without another indicator, the user counts as not typing.'),
  }),
  message_edited: event('message_edited', 'A message was edited.', {
    message_id: MessageId,
    room_id: RoomId,
    seq: Seq,
    new_content: z.string(),
    edited_at: Timestamp,
    sender_id: UserId,
    sender_username: z.string(),
  }),
  message_deleted: event('message_deleted', 'A message was deleted.', {
    message_id: MessageId,
    room_id: RoomId,
    seq: Seq,
  }),
  message_read: event('message_read', 'A member has read the room up to a message.', {
    room_id: RoomId,
    user_id: UserId,
    username: z.string(),
    message_id: MessageId,
    read_at: Timestamp,
  }),
  message_unread: event(
    'message_unread',
    'You have marked messages as unread, here or on another device: your read marker has moved back. Only your own sockets receive it.',
    {
      room_id: RoomId,
      message_id: MessageId.nullable().describe('The last message that counts as read; null when none does.'),
      unread_count: z.int().min(0),
    },
  ),
  member_added: event('member_added', 'A user was added to the room.', {
    room_id: RoomId,
    seq: Seq,
    member: Member,
    room: Room.optional().describe('Sent only to the user who was added.'),
  }),
  member_updated: event('member_updated', 'The role of a member changed.', {
    room_id: RoomId,
    seq: Seq,
    member: Member,
  }),
  member_removed: event('member_removed', 'A user has left the room or was removed from it.', {
    room_id: RoomId,
    seq: Seq,
    member: RoomUser,
  }),
  room_updated: event(
    'room_updated',
    'The name or the description of the room changed. Sockets that receive `room_activity` receive it for their rooms as well.',
    {
      room_id: RoomId,
      seq: Seq,
      room: Room,
    },
  ),
  room_deleted: event(
    'room_deleted',
    'The room was deleted. Sockets that receive `room_activity` receive it for their rooms as well.',
    {
      room_id: RoomId,
      seq: Seq,
      room: Room,
    },
  ),
  room_activity: event(
    'room_activity',
    `A room of yours that is not open on this socket has changed: a message was sent, edited or deleted, or you have read it, or marked it as unread, on another device. It is sent for rooms with up to ${limits.inboxRoomMembers} members, no more often than once in ${limits.activityIntervalMs / 1_000} seconds for a room, and the last state is always sent. Requires \`inbox=1\` at the handshake or the command \`inbox\`. A later version adds \`unread_mentions\`.`,
    {
      room_id: RoomId,
      head: Head.describe(
        'The last `seq` of the room. Drop an event whose `head` is lower than the one that you know of the room.',
      ),
      unread_count: z.int().min(0),
      last_message: MessagePreview.nullable().describe(
        `The newest message as it is now, deleted ones included. Content longer than ${limits.previewLength} characters is cut and ends with “…”.`,
      ),
    },
  ),
  ack: event('ack', 'The answer to `message`: the message is stored.', {
    client_id: ClientId.optional(),
    message_id: MessageId,
    room_id: RoomId,
    seq: Seq,
    timestamp: Timestamp,
    duplicate: z
      .boolean()
      .describe('True when an earlier send with the same `client_id` had stored the message.'),
  }),
  pong: event('pong', 'The answer to `ping`.', {
    heads: z.record(z.string(), z.int().min(0)).describe('The last `seq` of each open room, by its id.'),
    server_time: Timestamp,
  }),
  error: event('error', 'A command failed. The connection stays open.', {
    error: z.string().describe('A sentence to show to the user.'),
    code: z.int(),
    name: z.string(),
    retryable: z.boolean(),
    retry_after_ms: z.int().optional(),
    ref: z.string().optional().describe('The `ref` or the `client_id` of the command.'),
  }),
  close: event('close', 'The last event before the server closes the connection.', {
    code: z.int(),
    reason: z.string(),
    reconnect: z.boolean().describe('Whether to connect again.'),
    resume: z.boolean().describe('Whether to resume with `after` on the next connection.'),
  }),
} as const;

export type EventName = keyof typeof events;
export type EventOf<N extends EventName> = z.output<(typeof events)[N]>;
export type ServerEvent = { [N in EventName]: EventOf<N> }[EventName];
