/** Every frame the server sends. */
import * as z from 'zod';
import { Member, Room } from '../entities.ts';
import { ClientId, MessageId, RoomId, Seq, Timestamp, UserId } from '../identifiers.ts';

const event = <T extends string, S extends z.ZodRawShape>(type: T, summary: string, shape: S) =>
  z.object({ type: z.literal(type), ...shape }).meta({ id: `${type}Event`, description: summary });

const RoomUser = z.object({ id: UserId, username: z.string() });
const Ref = z.string().optional().describe('The `ref` of the command that this answers.');
const Head = z.int().min(0).describe('The last seq of the room; 0 when nothing happened yet.');

export const events = {
  ready: event(
    'ready',
    'The room is open (or the socket, when it was opened without one: then the room is null).',
    {
      user: RoomUser,
      room_id: RoomId.nullable(),
      room: z.string().nullable(),
      head: Head.nullable(),
      heartbeat_seconds: z.int().describe('Send `ping` at least this often.'),
      server_time: Timestamp,
      ref: Ref,
    },
  ),
  left: event('left', 'The answer to `leave`: the room is not open on this socket.', {
    room_id: RoomId,
    ref: Ref,
  }),
  room_users_list: event('room_users_list', 'Who is here; beyond 200 the first 200 and how many in all.', {
    room_id: RoomId,
    users: z.array(RoomUser),
    total: z.int().optional(),
  }),
  chat_message: event('chat_message', 'A message.', {
    message_id: MessageId,
    room_id: RoomId,
    seq: Seq,
    message: z.string().describe('The content.'),
    sender_id: UserId,
    sender_username: z.string(),
    timestamp: Timestamp,
    edited_at: Timestamp.nullable(),
    is_deleted: z.boolean(),
    client_id: ClientId.optional(),
  }),
  history_end: event('history_end', 'The end of a run of history, and what it covered.', {
    room_id: RoomId,
    first_seq: Seq.nullable().describe(
      'Everything from here on was sent; null when there was nothing to send. With `has_more`, the next older page is `before` this seq, also when no message came.',
    ),
    head: Head.describe(
      'Nothing is missing up to here, apart from what the next page brings. When an answer to `after` has more and holds fewer entries than were asked for, everything up to here was sent, and the next page is `after` this seq.',
    ),
    has_more: z
      .boolean()
      .describe(
        'There is more in the direction that was asked for, or may be: the server reads a bounded part of the log for one answer.',
      ),
    recovered: z.boolean().describe('False when a resume could not bring everything.'),
    gap: z.object({ from: Seq, to: Seq }).optional(),
    ref: Ref,
  }),
  user_join: event('user_join', 'Somebody’s first socket came.', {
    user_id: UserId,
    username: z.string(),
    room_id: RoomId,
  }),
  user_leave: event('user_leave', 'Somebody’s last socket went.', {
    user_id: UserId,
    username: z.string(),
    room_id: RoomId,
  }),
  typing_indicator: event('typing_indicator', 'Somebody else types, or stopped.', {
    user: z.string().describe('The username.'),
    user_id: UserId,
    room: z.string(),
    room_id: RoomId,
    is_typing: z.boolean(),
    expires_in_ms: z
      .int()
      .describe('How long this holds without another indicator: the user may be gone without a word.'),
  }),
  message_edited: event('message_edited', 'A message has new content.', {
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
  message_read: event('message_read', 'Somebody has read up to a message.', {
    room_id: RoomId,
    user_id: UserId,
    username: z.string(),
    message_id: MessageId,
    read_at: Timestamp,
  }),
  member_added: event('member_added', 'Somebody belongs to the room now.', {
    room_id: RoomId,
    seq: Seq,
    member: Member,
    room: Room.optional().describe('For the one who was added.'),
  }),
  member_updated: event('member_updated', 'A member has another role now.', {
    room_id: RoomId,
    seq: Seq,
    member: Member,
  }),
  member_removed: event('member_removed', 'Somebody no longer belongs to the room.', {
    room_id: RoomId,
    seq: Seq,
    member: RoomUser,
  }),
  room_updated: event('room_updated', 'The room’s name or description changed.', {
    room_id: RoomId,
    seq: Seq,
    room: Room,
  }),
  room_deleted: event('room_deleted', 'The room is gone.', {
    room_id: RoomId,
    seq: Seq,
    room: Room,
  }),
  ack: event('ack', 'The message is stored.', {
    client_id: ClientId.optional(),
    message_id: MessageId,
    room_id: RoomId,
    seq: Seq,
    timestamp: Timestamp,
    duplicate: z.boolean().describe('It had been stored before.'),
  }),
  pong: event('pong', 'The answer to `ping`: how far each room of this socket is.', {
    heads: z.record(z.string(), z.int().min(0)),
    server_time: Timestamp,
  }),
  error: event('error', 'A command failed; the connection stays.', {
    error: z.string().describe('A sentence for people.'),
    code: z.int(),
    name: z.string(),
    retryable: z.boolean(),
    retry_after_ms: z.int().optional(),
    ref: z.string().optional().describe('The command’s `ref` or `client_id`.'),
  }),
  close: event('close', 'The last frame before the server ends the connection.', {
    code: z.int(),
    reason: z.string(),
    reconnect: z.boolean().describe('Whether to come back.'),
    resume: z.boolean().describe('Whether what was seen still counts.'),
  }),
} as const;

export type EventName = keyof typeof events;
export type EventOf<N extends EventName> = z.output<(typeof events)[N]>;
export type ServerEvent = { [N in EventName]: EventOf<N> }[EventName];
