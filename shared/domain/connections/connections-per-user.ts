/**
 * How many sockets one user may have open. Every socket is noted under its user's id, with its lease: counting those
 * whose lease lasts needs no counter of its own that could drift, and a socket that died silently counts no longer
 * than it is believed alive. Zero stands for no limit.
 */
import { ChatError } from '../chat-error.ts';
import type { Listener } from '../model.ts';
import type { AudienceStore } from '../ports/sockets.ts';
import { isAlive, readAudience } from './audience.ts';

type Place = Pick<Listener, 'connectionId' | 'openedAt' | 'leaseEndsAt' | 'tokenEndsAt'>;

/** Whoever is refused need not wait for the end of a lease: a socket may be closed at any time. */
const longestWaitMs = 30_000;

/** Throws `rate_limited` when the user has as many as they may. Sockets noted a moment later are found by `surplusOf`. */
export async function mustHaveRoomForOneMore(
  ports: { audiences: Pick<AudienceStore, 'shard'> },
  userId: string,
  now: number,
  most: number,
): Promise<void> {
  if (most === 0) return;
  const alive = (await readAudience(ports, userId, 1)).filter((socket) => isAlive(socket, now));
  if (alive.length < most) return;
  const freeAt = Math.min(...alive.map(({ leaseEndsAt, tokenEndsAt }) => Math.min(leaseEndsAt, tokenEndsAt)));
  throw new ChatError('rate_limited', {
    detail: `A user may have ${most} connections`,
    retryAfterMs: Math.min(freeAt - now, longestWaitMs),
  });
}

/**
 * The newest of a user's sockets that are too many: handshakes that ran at once did not see each other. Whoever is
 * noted last sees them all, so each that looks names every one of the surplus, not only itself.
 */
export function surplusOf<P extends Place>(sockets: readonly P[], now: number, most: number): P[] {
  if (most === 0) return [];
  return sockets
    .filter((socket) => isAlive(socket, now))
    .toSorted((a, b) => a.openedAt - b.openedAt || (a.connectionId < b.connectionId ? -1 : 1))
    .slice(most);
}
