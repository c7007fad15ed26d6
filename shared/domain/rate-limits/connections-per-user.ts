/**
 * Limits how many connections one user may have. Every connection is registered under its user before its
 * handshake is answered, and the limit counts the registrations that are alive: there is no separate counter
 * that could drift, and a connection that died silently stops counting when its lease ends. A limit of 0
 * means unlimited.
 */
import { ChatError } from '../chat-error.ts';
import { isAlive, readSubscribers } from '../connections/subscribers.ts';
import type { Subscriber } from '../model/connections.ts';
import type { SubscriptionStore, ConnectionStore } from '../ports/sockets.ts';

type CountedConnection = Pick<Subscriber, 'connectionId' | 'openedAtMs' | 'leaseEndsAtMs' | 'tokenEndsAtMs'>;

/**
 * A refused client is not asked to wait for the end of a lease, since a connection may be closed at any time.
 */
const maxWaitMs = 30_000;

/**
 * Checks the limit before a ticket is issued or a room is created for a new connection.
 * @throws ChatError `rate_limited` when the user already has as many connections as allowed
 */
export async function assertConnectionAllowed(
  ports: { subscriptions: Pick<SubscriptionStore, 'shard'> },
  userId: string,
  now: number,
  maxConnections: number,
): Promise<void> {
  if (maxConnections === 0) return;
  const alive = (await readSubscribers(ports, userId, 1)).filter((socket) => isAlive(socket, now));
  if (alive.length >= maxConnections) throw tooManyConnections(alive, now, maxConnections);
}

export interface OpenedConnection {
  userId: string;
  connectionId: string;
  now: number;
  maxConnections: number;
}

/**
 * Checks the limit after a connection has been registered, so that of connections opened at the same moment
 * the last check sees all of them. Returns the connections that opened after this one and exceed the limit
 * now. Their own checks may not have seen this one, so the caller must end them.
 * @throws ChatError `rate_limited` when this connection exceeds the limit
 */
export async function enforceConnectionLimit(
  ports: {
    subscriptions: Pick<SubscriptionStore, 'shard'>;
    connections: Pick<ConnectionStore, 'filterExisting'>;
  },
  { userId, connectionId, now, maxConnections }: OpenedConnection,
): Promise<Subscriber[]> {
  if (maxConnections === 0) return [];
  const registered = await readSubscribers(ports, userId, 1);
  if (surplusConnections(registered, now, maxConnections).length === 0) return [];
  // A failed handshake may leave its registration behind, so only registrations with a stored connection
  // count.
  const existing = await ports.connections.filterExisting(registered.map((socket) => socket.connectionId));
  const stored = registered.filter((socket) => existing.has(socket.connectionId));
  const surplus = surplusConnections(stored, now, maxConnections);
  if (surplus.some((socket) => socket.connectionId === connectionId)) {
    const alive = stored.filter((socket) => isAlive(socket, now));
    throw tooManyConnections(alive, now, maxConnections);
  }
  return surplus;
}

function tooManyConnections(
  alive: readonly CountedConnection[],
  now: number,
  maxConnections: number,
): ChatError {
  const firstEndsAtMs = Math.min(
    ...alive.map(({ leaseEndsAtMs, tokenEndsAtMs }) => Math.min(leaseEndsAtMs, tokenEndsAtMs)),
  );
  return new ChatError('rate_limited', {
    detail: `A user may have at most ${maxConnections} connections.`,
    retryAfterMs: Math.min(firstEndsAtMs - now, maxWaitMs),
  });
}

/**
 * Returns the newest of the living connections of one user that exceed the limit, in the same order for every
 * caller.
 */
export function surplusConnections<C extends CountedConnection>(
  connections: readonly C[],
  now: number,
  maxConnections: number,
): C[] {
  if (maxConnections === 0) return [];
  return connections
    .filter((connection) => isAlive(connection, now))
    .toSorted((a, b) => a.openedAtMs - b.openedAtMs || (a.connectionId < b.connectionId ? -1 : 1))
    .slice(maxConnections);
}
