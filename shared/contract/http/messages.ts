/** Rows for messages, read markers and tickets. */
import * as z from 'zod';
import { Message, Reader, ReadState, Ticket } from '../entities.ts';
import { ClientId, Content, MessageId, RoomId, RoomName, wholeNumber } from '../identifiers.ts';
import { limits } from '../limits.ts';
import { entryCharge, operation } from './operation.ts';

const roomParams = z.object({ room_id: RoomId });
const messageParams = z.object({ message_id: MessageId });

export const messageOperations = {
  listMessages: operation({
    methods: ['GET'],
    path: '/chat/rooms/{room_id}/messages/',
    function: 'chat',
    tag: 'Messages',
    summary: 'A room’s messages, oldest first',
    description:
      'The newest page without `before` and `after`; both are seqs and exclude the one they name. One request reads a bounded part of the log: a page may hold fewer messages than `limit`, or none, and not be the last. Follow `Link`.',
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
        'takes before or after, not both',
      ),
    responses: { 200: z.array(Message) },
    errors: ['not_found'],
    paged: true,
  }),
  sendMessage: operation({
    methods: ['POST'],
    path: '/chat/rooms/{room_id}/messages/',
    function: 'chat',
    tag: 'Messages',
    summary: 'Send a message',
    description:
      'With a `client_id` that was seen before, the answer is the original message, with status 200.',
    auth: 'required',
    params: roomParams,
    body: z
      .object({ content: Content, client_id: ClientId.optional() })
      .meta({ id: 'SendMessage', example: { content: 'hello', client_id: 'c-1' } }),
    charge: entryCharge,
    responses: { 201: Message, 200: Message },
    errors: ['not_found', 'client_id_reused', 'rate_limited'],
  }),
  editMessage: operation({
    methods: ['PUT', 'PATCH'],
    path: '/chat/messages/{message_id}/edit/',
    function: 'chat',
    tag: 'Messages',
    summary: 'Edit a message (its sender only)',
    auth: 'required',
    charge: entryCharge,
    params: messageParams,
    body: z.object({ content: Content }).meta({ id: 'EditMessage', example: { content: 'hello again' } }),
    responses: { 200: Message },
    errors: ['forbidden', 'not_found'],
  }),
  deleteMessage: operation({
    methods: ['DELETE'],
    path: '/chat/messages/{message_id}/delete/',
    function: 'chat',
    tag: 'Messages',
    summary: 'Delete a message (its sender only)',
    description: 'A tombstone stays in its place.',
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
  listReaders: operation({
    methods: ['GET'],
    path: '/chat/rooms/{room_id}/read/',
    function: 'chat',
    tag: 'Messages',
    summary: 'How far each member has read',
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
    summary: 'A ticket that opens one WebSocket',
    description:
      'Browsers cannot send headers with a WebSocket, nor see why one was refused. Naming the room here tells why beforehand.',
    auth: 'required',
    charge: { costMicroDollars: 5 },
    bodyOptional: true,
    body: z.object({ room: RoomName.optional() }).meta({ id: 'CreateTicket', example: { room: 'general' } }),
    rate: 'tickets',
    responses: { 200: Ticket },
    errors: ['forbidden', 'not_found', 'room_unavailable', 'rate_limited'],
  }),
} as const;
