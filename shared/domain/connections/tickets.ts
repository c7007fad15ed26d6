/** Creates and redeems tickets: one-time credentials for browsers, which cannot send headers with a WebSocket handshake. */
import type { Ticket as TicketView } from '../../contract/entities.ts';
import * as limits from '../../contract/limits.ts';
import { ChatError } from '../chat-error.ts';
import type { Caller } from '../model/accounts.ts';
import type { RoomStore } from '../ports/rooms.ts';
import type { SubscriptionStore, TicketStore } from '../ports/sockets.ts';
import type { Clock, Fingerprint, Random } from '../ports/system.ts';
import { assertConnectionAllowed } from '../rate-limits/connections-per-user.ts';
import { findRoomByName } from './find-room-by-name.ts';
import type { OpenConnectionSettings } from './open-connection.ts';

export interface TicketPorts {
  tickets: TicketStore;
  rooms: RoomStore;
  subscriptions: Pick<SubscriptionStore, 'shard'>;
  clock: Clock;
  random: Random;
  fingerprint: Fingerprint;
}

/**
 * Creates a ticket after the checks that the handshake will make, because browsers cannot see why a handshake was refused.
 * @throws ChatError `rate_limited`; with a room also `forbidden`, `not_found`, `room_unavailable`.
 */
export async function createTicket(
  ports: TicketPorts,
  caller: Caller,
  room: string | undefined,
  { mayCreateRooms, connectionsPerUser }: OpenConnectionSettings,
): Promise<TicketView> {
  await assertConnectionAllowed(ports, caller.userId, ports.clock.now(), connectionsPerUser);
  if (room !== undefined) {
    const found = await findRoomByName(ports, caller, room);
    if (found === undefined && !mayCreateRooms) throw new ChatError('not_found');
  }
  const ticket = ports.random.secret();
  const endsAtMs = ports.clock.now() + limits.ticketLifetimeSeconds * 1_000;
  await ports.tickets.put(ports.fingerprint(ticket), { ...caller, endsAtMs });
  return { ticket, expires_in: limits.ticketLifetimeSeconds };
}

/** @throws ChatError `unauthorized` for a ticket that was used, has expired, or never existed. */
export async function redeemTicket(
  { tickets, clock, fingerprint }: Pick<TicketPorts, 'tickets' | 'clock' | 'fingerprint'>,
  ticket: string,
): Promise<Caller> {
  const found = await tickets.take(fingerprint(ticket));
  if (found === undefined || found.endsAtMs <= clock.now()) throw new ChatError('unauthorized');
  const { endsAtMs: _, ...caller } = found;
  return caller;
}
