/** Tickets of handshakes from browsers, by the hash of their secret. */
import type { TicketStore } from '../../domain/ports/sockets.ts';
import { accessPattern } from '../access-pattern.ts';
import { number, text, withDefault } from '../attributes.ts';
import { defineEntity, exists, isNew } from '../entity.ts';
import { expiry } from '../item.ts';
import type { Table } from '../table.ts';

export const ticket = defineEntity({
  name: 'ticket',
  description: 'a one-time credential for a handshake from a browser',
  pk: 'TICKET#{hash}',
  sk: 'TICKET',
  attributes: {
    userId: text('user_id'),
    username: text('username'),
    sessionId: text('session_id'),
    tokenVersion: withDefault(number('token_version'), 0),
    tokenEndsAtMs: number('token_ends_at'),
    endsAtMs: number('ends_at'),
  },
  endsBy: '30 seconds after it was made',
});

export const ticketStore = (table: Table): TicketStore => ({
  put: accessPattern('PutItem', 'Stores a ticket.', async (hash, value) => {
    await table.put({ ...ticket.key({ hash }), ...ticket.encode(value), ttl: expiry(value.endsAtMs) }, isNew);
  }),
  take: accessPattern(
    'DeleteItem',
    'Deletes a ticket if it exists, so that one of several handshakes gets it.',
    async (hash) => {
      const outcome = await table.remove(ticket.key({ hash }), exists);
      return outcome.ok ? ticket.parse(outcome.item) : undefined;
    },
  ),
});
