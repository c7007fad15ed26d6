/** All commands that a client can send. */
import * as z from 'zod';
import { AttachmentIds, hasContent } from '../files.ts';
import {
  ClientId,
  contentLengthMessage,
  ContentOrEmpty,
  MessageId,
  RoomId,
  RoomName,
} from '../identifiers.ts';
import { lazy } from '../lazy.ts';
import * as limits from '../limits.ts';
import { LineOfText } from '../text.ts';

const Ref = LineOfText.min(1)
  .max(limits.refLength)
  .describe(
    'An identifier of your choice. The `error`, `ready`, `history_end` or `left` that answers the command has it.',
  );

/** Fields of all commands. `room_id` is required on a socket with several open rooms. */
const common = { room_id: RoomId.optional(), ref: Ref.optional() };

const frame = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...shape, ...common });

const command = <T extends string, S extends z.ZodRawShape>(type: T, summary: string, shape: S) =>
  frame(type, shape).meta({ id: `${type}Command`, description: summary });

const HistoryPage = {
  before: z.int().min(1).optional().describe('Return the newest messages before this `seq`.'),
  after: z.int().min(0).optional().describe('Return the entries after this `seq`, oldest first.'),
  limit: z
    .int()
    .min(1)
    .max(limits.pageSizeMaximum)
    .optional()
    .describe(`How many entries to return, by default ${limits.pageSize}.`),
};

/** Schemas are made on first use, since most sockets use only a few commands. */
export const commands = lazy({
  message: () =>
    frame('message', {
      content: ContentOrEmpty,
      client_id: ClientId.optional(),
      attachments: AttachmentIds.optional(),
    })
      .refine(hasContent, { path: ['content'], error: contentLengthMessage })
      .meta({
        id: 'messageCommand',
        description:
          'Send a message. The short form is `{"message": "hi"}`. With `attachments`, the content may be empty.',
      }),
  typing: () =>
    command(
      'typing',
      'Tell the others in the room that you started or stopped typing. It is not forwarded if it repeats within two seconds, or if the room has more than 100 sockets.',
      { is_typing: z.boolean() },
    ),
  read: () => command('read', 'Move your read marker forward to a message.', { message_id: MessageId }),
  edit: () =>
    command('edit', 'Replace the content of a message that you sent. It keeps its attachments.', {
      message_id: MessageId,
      content: ContentOrEmpty,
    }),
  delete: () =>
    command('delete', 'Delete a message that you sent. It stays in the history without its content.', {
      message_id: MessageId,
    }),
  history: () =>
    command(
      'history',
      'Request older messages (`before`) or all entries after a `seq` (`after`). The answer ends with `history_end`.',
      HistoryPage,
    ),
  join: () =>
    frame('join', {
      room: RoomName.optional().describe(
        'The name of the room. A public room that does not exist is created.',
      ),
      create: z
        .boolean()
        .optional()
        .describe(
          'With `false`, a room that does not exist is refused with `not_found` instead of being created. Servers before this field existed ignore it.',
        ),
      after: z
        .int()
        .min(0)
        .optional()
        .describe('Resume: the server sends all entries after this `seq` instead of the newest messages.'),
      history: z
        .int()
        .min(0)
        .max(limits.pageSizeMaximum)
        .optional()
        .describe(`How many of the newest messages the server sends, by default ${limits.pageSize}.`),
    })
      .refine(({ room, room_id: roomId }) => (room === undefined) !== (roomId === undefined), {
        path: ['room'],
        error: 'must be sent if room_id is not, and must not be sent together with it',
      })
      .meta({
        id: 'joinCommand',
        description:
          'Open a room on a socket that was opened without one. Send either its name (`room`) or its id (`room_id`), which never creates a room.',
      }),
  leave: () =>
    command(
      'leave',
      'Close a room that was opened with `join`. The answer is `left`, even when the room was not open.',
      {},
    ),
  inbox: () =>
    command(
      'inbox',
      `Receive \`room_activity\` for your rooms that are not open on this socket, on a socket that was opened without a room. The answer is a \`ready\` without a room whose \`inbox\` is true. Fetch \`GET /chat/rooms/mine/\` after it: from then on no change is missed. Covered are up to ${limits.inboxRooms} rooms with up to ${limits.inboxRoomMembers} members each.`,
      {},
    ),
  auth: () =>
    command('auth', 'Send a new access token before the current one expires.', {
      token: z.string().min(1).max(8_192),
    }),
  ping: () => command('ping', 'Keep the connection and its presence alive.', {}),
});

export type CommandName = keyof typeof commands;
export type CommandOf<N extends CommandName> = z.output<(typeof commands)[N]>;
export type Command = { [N in CommandName]: CommandOf<N> }[CommandName];

/** Alternative forms of commands. */
export const variants = lazy({
  /** The form that clients of the predecessor send: `{"message": "hi"}`, without a type. */
  untypedMessage: () =>
    z
      .object({
        message: ContentOrEmpty,
        client_id: ClientId.optional(),
        attachments: AttachmentIds.optional(),
        ...common,
      })
      .refine(({ message: content, attachments }) => hasContent({ content, attachments }), {
        path: ['message'],
        error: contentLengthMessage,
      })
      .transform(({ message, ...rest }) => ({ type: 'message' as const, content: message, ...rest })),
});
