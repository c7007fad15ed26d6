/** The query of a WebSocket handshake. */
import * as z from 'zod';
import { RoomName, wholeNumber } from '../identifiers.ts';
import * as limits from '../limits.ts';

export const HandshakeQuery = z
  .object({
    room: RoomName.optional().describe(
      'The name of the room to open. Without it, rooms are opened with `join` and closed with `leave`.',
    ),
    ticket: z
      .string()
      .max(256)
      .optional()
      .describe(
        'A ticket from `POST /chat/ws-ticket/`. Can also be sent as the subprotocol `ticket.<ticket>`.',
      ),
    token: z.string().max(8_192).optional().describe('An access token, for testing. Disabled in production.'),
    after: wholeNumber(0, Number.MAX_SAFE_INTEGER)
      .optional()
      .describe('Resume: the server sends all entries after this `seq` instead of the newest messages.'),
    history: wholeNumber(0, limits.pageSizeMaximum)
      .default(limits.pageSize)
      .describe('How many of the newest messages the server sends.'),
    batch: z
      .enum(['0', '1'])
      .default('0')
      .transform((flag) => flag === '1')
      .describe('With 1, a frame may be a JSON array of events.'),
    inbox: z
      .enum(['0', '1'])
      .default('0')
      .transform((flag) => flag === '1')
      .describe(
        'With 1, a socket that is opened without a room receives `room_activity` from its `ready` on, as after the command `inbox`.',
      ),
  })
  .meta({ id: 'HandshakeQuery' });

export type HandshakeQuery = z.output<typeof HandshakeQuery>;
