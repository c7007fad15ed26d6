/**
 * How many sockets one user may have open. Every socket is registered under its user before its handshake is answered;
 * counting those that are alive needs no counter of its own that could drift, and a socket that died silently stops
 * counting when its lease ends. What has ended is never extended again, so it cannot count a second time. Zero stands for
 * no limit.
 */
import { ChatError } from '../chat-error.ts';
import type { Subscriber } from '../model.ts';
import type { SubscriptionStore, ConnectionStore } from '../ports/sockets.ts';
import { isAlive, readSubscribers } from '../connections/subscribers.ts';

type Place = Pick<Subscriber, 'connectionId' | 'openedAt' | 'leaseEndsAt' | 'tokenEndsAt'>;

/** A refused client need not wait for the end of a lease: a socket may be closed at any time. */
const maxWaitMs = 30_000;

/** Before a ticket is issued. @throws ChatError `rate_limited` when the user has as many sockets as they may. */
export async function assertConnectionAllowed(
  ports: { subscriptions: Pick<SubscriptionStore, 'shard'> },
  userId: string,
  now: number,
  most: number,
): Promise<void> {
  if (most === 0) return;
  const alive = (await readSubscribers(ports, userId, 1)).filter((socket) => isAlive(socket, now));
  if (alive.length >= most) throw tooMany(alive, now, most);
}

export interface OpenedConnection {
  userId: string;
  connectionId: string;
  now: number;
  most: number;
}

/**
 * After a socket has been registered, so that of sockets that open at once the later check sees them all. Returns
 * sockets that opened after this one and are too many now, which did not see it: they have to be ended.
 * @throws ChatError `rate_limited` when this one is too many.
 */
export async function enforceConnectionLimit(
  ports: { subscriptions: Pick<SubscriptionStore, 'shard'>; connections: Pick<ConnectionStore, 'there'> },
  { userId, connectionId, now, most }: OpenedConnection,
): Promise<Subscriber[]> {
  if (most === 0) return [];
  const registered = await readSubscribers(ports, userId, 1);
  if (surplusConnections(registered, now, most).length === 0) return [];
  // A handshake that failed half-way leaves a registration behind: only those with a connection count.
  const existing = await ports.connections.there(registered.map((socket) => socket.connectionId));
  const alive = registered.filter((socket) => existing.has(socket.connectionId));
  const surplus = surplusConnections(alive, now, most);
  if (surplus.some((socket) => socket.connectionId === connectionId))
    throw tooMany(
      alive.filter((socket) => isAlive(socket, now)),
      now,
      most,
    );
  return surplus;
}

function tooMany(alive: readonly Place[], now: number, most: number): ChatError {
  const freeAt = Math.min(...alive.map(({ leaseEndsAt, tokenEndsAt }) => Math.min(leaseEndsAt, tokenEndsAt)));
  return new ChatError('rate_limited', {
    detail: `A user may have ${most} connections`,
    retryAfterMs: Math.min(freeAt - now, maxWaitMs),
  });
}

/** The newest of a user's living sockets that are too many. */
export function surplusConnections<P extends Place>(sockets: readonly P[], now: number, most: number): P[] {
  if (most === 0) return [];
  return sockets
    .filter((socket) => isAlive(socket, now))
    .toSorted((a, b) => a.openedAt - b.openedAt || (a.connectionId < b.connectionId ? -1 : 1))
    .slice(most);
}
