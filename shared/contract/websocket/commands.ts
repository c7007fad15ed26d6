/** Every frame a client may send. */
import * as z from 'zod';
import { ClientId, Content, MessageId, RoomId, RoomName } from '../identifiers.ts';
import { lazy } from '../lazy.ts';
import { limits } from '../limits.ts';
import { LineOfText } from '../text.ts';

const Ref = LineOfText.min(1)
  .max(limits.refLength)
  .describe('Comes back in the answer: in its `error`, `ready`, `history_end` or `left`.');

/** Fields that any command may carry; `room_id` is needed on a socket that is in several rooms. */
const common = { room_id: RoomId.optional(), ref: Ref.optional() };

const frame = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...shape, ...common });

const command = <T extends string, S extends z.ZodRawShape>(type: T, summary: string, shape: S) =>
  frame(type, shape).meta({ id: `${type}Command`, description: summary });

const HistoryPage = {
  before: z.int().min(1).optional().describe('The messages just before this seq.'),
  after: z.int().min(0).optional().describe('Every entry after this seq, oldest first.'),
  limit: z.int().min(1).max(limits.pageSizeMaximum).optional().describe(`${limits.pageSize} when absent.`),
};

/** Each is made when it is first asked for, since most sockets use few of them. */
export const commands = lazy({
  message: () =>
    command('message', 'Send a message. `{"message": "hi"}` means the same.', {
      content: Content,
      client_id: ClientId.optional(),
    }),
  typing: () =>
    command(
      'typing',
      'Tell the others that somebody types, or stopped. The same again within two seconds is told to nobody, nor is anything in a room of more than a hundred sockets.',
      { is_typing: z.boolean() },
    ),
  read: () => command('read', 'Move the read marker forward to a message.', { message_id: MessageId }),
  edit: () => command('edit', 'Change one’s own message.', { message_id: MessageId, content: Content }),
  delete: () => command('delete', 'Delete one’s own message; a tombstone stays.', { message_id: MessageId }),
  history: () =>
    command(
      'history',
      'Ask for older messages (`before`) or for every entry since a seq (`after`); `history_end` closes the answer.',
      HistoryPage,
    ),
  join: () =>
    frame('join', {
      room: RoomName.optional().describe('Its name. A public room that does not exist is made.'),
      after: z
        .int()
        .min(0)
        .optional()
        .describe('Resume: every entry after this seq, not the newest messages.'),
      history: z
        .int()
        .min(0)
        .max(limits.pageSizeMaximum)
        .optional()
        .describe(`How many messages to send after opening; ${limits.pageSize} when absent.`),
    })
      .refine(({ room, room_id: roomId }) => (room === undefined) !== (roomId === undefined), {
        path: ['room'],
        error: 'must be given, or room_id, but not both',
      })
      .meta({
        id: 'joinCommand',
        description:
          'Open a room on a socket that was opened without one, either by its name (`room`) or by its id (`room_id`), which never makes a room.',
      }),
  leave: () =>
    command(
      'leave',
      'Close a room that was opened with `join`. `left` answers it, also when it was not open.',
      {},
    ),
  auth: () =>
    command('auth', 'Bring a new access token before the old one ends.', {
      token: z.string().min(1).max(8_192),
    }),
  ping: () => command('ping', 'Ask for a `pong`; keeps the connection and its presence alive.', {}),
});

export type CommandName = keyof typeof commands;
export type CommandOf<N extends CommandName> = z.output<(typeof commands)[N]>;
export type Command = { [N in CommandName]: CommandOf<N> }[CommandName];

/** Other ways to say the same. */
export const variants = lazy({
  /** The seed's own way to send: `{"message": "hi"}`, without a type. */
  untypedMessage: () =>
    z
      .object({ message: Content, client_id: ClientId.optional(), ...common })
      .transform(({ message, ...rest }) => ({ type: 'message' as const, content: message, ...rest })),
});
