/** Tickets: how a browser, which cannot send headers with a WebSocket, brings its identity. Good for one use. */
import type { Ticket as TicketView } from '../../contract/entities.ts';
import { limits } from '../../contract/limits.ts';
import { ChatError } from '../chat-error.ts';
import type { Caller } from '../model.ts';
import type { RoomStore } from '../ports/rooms.ts';
import type { SubscriptionStore, TicketStore } from '../ports/sockets.ts';
import type { Clock, Fingerprint, Random } from '../ports/system.ts';
import { assertConnectionAllowed } from '../rate-limits/connections-per-user.ts';
import { findRoomByName } from './find-room-by-name.ts';
import type { OpenSettings } from './open-connection.ts';

export interface TicketPorts {
  tickets: TicketStore;
  rooms: RoomStore;
  subscriptions: Pick<SubscriptionStore, 'shard'>;
  clock: Clock;
  random: Random;
  fingerprint: Fingerprint;
}

/** Tells beforehand why a socket would be refused: throws `rate_limited`, and with a room `forbidden`, `not_found`. */
export async function createTicket(
  ports: TicketPorts,
  caller: Caller,
  room: string | undefined,
  { mayMakeRooms, connectionsPerUser }: OpenSettings,
): Promise<TicketView> {
  await assertConnectionAllowed(ports, caller.userId, ports.clock.now(), connectionsPerUser);
  if (room !== undefined) {
    const found = await findRoomByName(ports, caller, room);
    if (found === undefined && !mayMakeRooms) throw new ChatError('not_found');
  }
  const ticket = ports.random.secret();
  const endsAt = ports.clock.now() + limits.ticketLifetimeSeconds * 1_000;
  await ports.tickets.put(ports.fingerprint(ticket), { ...caller, endsAt });
  return { ticket, expires_in: limits.ticketLifetimeSeconds };
}

/** Throws `unauthorized` for a ticket that was used, is too old, or never was. */
export async function redeemTicket(
  { tickets, clock, fingerprint }: Pick<TicketPorts, 'tickets' | 'clock' | 'fingerprint'>,
  ticket: string,
): Promise<Caller> {
  const found = await tickets.take(fingerprint(ticket));
  if (found === undefined || found.endsAt <= clock.now()) throw new ChatError('unauthorized');
  const { endsAt: _, ...caller } = found;
  return caller;
}
