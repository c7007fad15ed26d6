/** Rows for messages, read markers and tickets. */
import * as z from 'zod';
import { Message, Reader, ReadState, Ticket, UnreadRooms } from '../entities.ts';
import { AttachmentIds, hasContent } from '../files.ts';
import {
  ClientId,
  contentLengthMessage,
  ContentOrEmpty,
  MessageId,
  RoomId,
  RoomName,
  wholeNumber,
} from '../identifiers.ts';
import * as limits from '../limits.ts';
import { deletedContent } from '../wire-constants.ts';
import { entryCharge, operation } from './operation.ts';
import { uploadErrors } from './uploads.ts';
import { CursorQuery, listOf } from './schemas.ts';

const roomParams = z.object({ room_id: RoomId });
const messageParams = z.object({ message_id: MessageId });

export const messageOperations = {
  listMessages: operation({
    methods: ['GET'],
    path: '/chat/rooms/{room_id}/messages/',
    function: 'chat',
    tag: 'Messages',
    summary: 'List the messages of a room, oldest first',
    description:
      'Returns the newest messages, or those before or after a `seq`, which is itself excluded. One request reads a bounded part of the log, so a page can have fewer messages than `limit`, or none, without being the last. Follow the `Link` header.',
    auth: 'required',
    charge: { costMicroDollars: 110 },
    params: roomParams,
    query: z
      .object({
        before: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional(),
        after: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
        limit: wholeNumber(1, limits.pageSizeMaximum).default(limits.pageSize),
      })
      .refine(
        ({ before, after }) => before === undefined || after === undefined,
        'must have either before or after, not both',
      ),
    ...listOf(Message),
    errors: ['not_found'],
  }),
  sendMessage: operation({
    methods: ['POST'],
    path: '/chat/rooms/{room_id}/messages/',
    function: 'chat',
    tag: 'Messages',
    summary: 'Send a message',
    description:
      'A repeated `client_id` stores no second message: the answer is the original one, with status 200. With `attachments`, the content may be empty. An upload whose check is not done is checked by this request; when that takes more than a few seconds, the answer is `try_again`.',
    auth: 'required',
    params: roomParams,
    body: z
      .object({
        content: ContentOrEmpty,
        client_id: ClientId.optional(),
        attachments: AttachmentIds.optional(),
      })
      .refine(hasContent, { path: ['content'], error: contentLengthMessage })
      .meta({ id: 'SendMessage', example: { content: 'hello' } }),
    charge: entryCharge,
    responses: { 201: Message, 200: Message },
    errors: ['not_found', 'client_id_reused', ...uploadErrors, 'upload_missing', 'rate_limited'],
  }),
  editMessage: operation({
    methods: ['PUT', 'PATCH'],
    path: '/chat/messages/{message_id}/edit/',
    function: 'chat',
    tag: 'Messages',
    summary: 'Edit a message (sender only)',
    description: 'The message keeps its attachments. With attachments, the content may be empty.',
    auth: 'required',
    charge: entryCharge,
    params: messageParams,
    body: z
      .object({ content: ContentOrEmpty })
      .meta({ id: 'EditMessage', example: { content: 'hello again' } }),
    responses: { 200: Message },
    errors: ['forbidden', 'not_found'],
  }),
  deleteMessage: operation({
    methods: ['DELETE'],
    path: '/chat/messages/{message_id}/delete/',
    function: 'chat',
    tag: 'Messages',
    summary: 'Delete a message (sender only)',
    description: `The message stays in the history without its content: \`is_deleted\` is true, and \`content\` is “${deletedContent}”.`,
    auth: 'required',
    charge: entryCharge,
    params: messageParams,
    responses: { 204: null },
    errors: ['forbidden', 'not_found'],
  }),
  markRead: operation({
    methods: ['POST'],
    path: '/chat/rooms/{room_id}/read/',
    function: 'chat',
    tag: 'Messages',
    summary: 'Move the caller’s read marker forward',
    auth: 'required',
    charge: { costMicroDollars: 10 },
    params: roomParams,
    body: z.object({ message_id: MessageId }).meta({ id: 'MarkRead' }),
    responses: { 200: ReadState },
    errors: ['not_found'],
  }),
  markUnread: operation({
    methods: ['POST'],
    path: '/chat/rooms/{room_id}/unread/',
    function: 'chat',
    tag: 'Messages',
    summary: 'Mark a message and those after it as unread',
    description:
      'Moves the caller’s read marker back to just before the message, and leaves a marker that is below it already. The caller’s other devices receive `message_unread`; what other users see of it does not go back.',
    auth: 'required',
    charge: { costMicroDollars: 20 },
    params: roomParams,
    body: z.object({ message_id: MessageId }).meta({ id: 'MarkUnread' }),
    responses: { 200: ReadState },
    errors: ['not_found'],
  }),
  listUnread: operation({
    methods: ['GET'],
    path: '/chat/unread/',
    function: 'chat',
    tag: 'Messages',
    summary: 'List the caller’s rooms with unread messages',
    description:
      'Counts neither the caller’s own messages nor deleted ones. A caller in more than 200 rooms gets the others with the next page: follow the `Link` header, and add up the totals.',
    auth: 'required',
    charge: { costMicroDollars: 100 },
    query: CursorQuery,
    responses: { 200: UnreadRooms },
    paged: true,
  }),
  listReaders: operation({
    methods: ['GET'],
    path: '/chat/rooms/{room_id}/read/',
    function: 'chat',
    tag: 'Messages',
    summary: 'List how far the members have read',
    auth: 'required',
    charge: { costMicroDollars: 60 },
    params: roomParams,
    responses: { 200: z.array(Reader) },
    errors: ['not_found'],
  }),
  createTicket: operation({
    methods: ['POST'],
    path: '/chat/ws-ticket/',
    function: 'chat',
    tag: 'WebSocket',
    summary: 'Create a ticket for one WebSocket connection',
    description:
      'For browsers, which can neither send an `Authorization` header with a WebSocket nor see why a handshake was refused. With `room`, this request is refused for the same reasons as the handshake would be.',
    auth: 'required',
    charge: { costMicroDollars: 5 },
    bodyOptional: true,
    body: z.object({ room: RoomName.optional() }).meta({ id: 'CreateTicket', example: { room: 'general' } }),
    rate: 'tickets',
    responses: { 200: Ticket },
    errors: ['forbidden', 'not_found', 'room_unavailable', 'rate_limited'],
  }),
} as const;
