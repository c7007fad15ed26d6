/** What opens a socket: the query of the handshake, its ways to say who it is, and the subprotocol. */
import * as z from 'zod';
import { RoomName, wholeNumber } from '../identifiers.ts';
import { limits } from '../limits.ts';

/** The subprotocol that the server answers; a browser offers it together with `ticket.<ticket>`. */
export const subprotocol = 'chat.v1';
export const ticketSubprotocolPrefix = 'ticket.';

export const HandshakeQuery = z
  .object({
    room: RoomName.optional().describe('The room to open. Without it the socket takes `join` and `leave`.'),
    ticket: z
      .string()
      .max(256)
      .optional()
      .describe('From POST /chat/ws-ticket/. Also as subprotocol `ticket.<ticket>`.'),
    token: z
      .string()
      .max(8_192)
      .optional()
      .describe('An access token; for testing, and switched off in production.'),
    after: wholeNumber(0, Number.MAX_SAFE_INTEGER)
      .optional()
      .describe('Resume: send every entry after this seq instead of the newest messages.'),
    history: wholeNumber(0, limits.pageSizeMaximum)
      .default(limits.pageSize)
      .describe('How many messages to send after opening.'),
    batch: z
      .enum(['0', '1'])
      .default('0')
      .transform((flag) => flag === '1')
      .describe('1 allows the server to send a JSON array of events in one frame.'),
  })
  .meta({ id: 'HandshakeQuery' });

export type HandshakeQuery = z.output<typeof HandshakeQuery>;
