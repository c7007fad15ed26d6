/** A clock that moves only when a test passes time, repeatable randomness, and the users of most tests. */
import { createHash } from 'node:crypto';
import type { Caller } from '../../../shared/domain/model/accounts.ts';
import type { Connection, Subscriber } from '../../../shared/domain/model/connections.ts';
import type { Clock, Fingerprint, Random } from '../../../shared/domain/ports/system.ts';

export const start = Date.parse('2026-11-22T12:00:00.000Z');

export interface ManualClock extends Clock {
  pass(milliseconds: number): void;
}

export function manualClock(): ManualClock {
  let now = start;
  return { now: () => now, pass: (milliseconds) => (now += milliseconds) };
}

/** Returns the n-th UUID of the tests. */
export const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

export function countingRandom(): Random {
  let count = 0;
  return {
    uuid: () => uuid(9_000 + (count += 1)),
    secret: () => `secret-${(count += 1)}`,
    integer: (below) => (count += 1) % below,
  };
}

export const fingerprint: Fingerprint = (text) => createHash('sha256').update(text).digest('base64url');

export function person(n: number, username: string): Caller {
  return {
    userId: uuid(n),
    username,
    sessionId: uuid(n + 500),
    tokenVersion: 0,
    tokenEndsAtMs: start + 300_000,
  };
}

export const ann = person(1, 'ann');
export const bob = person(2, 'bob');
export const cat = person(3, 'cat');

/** Returns a connection of the user that opened long enough ago for its handshake to be over. */
export function connectionOf(
  caller: Caller,
  connectionId: string,
  more: Partial<Connection> = {},
): Connection {
  const { userId, username, sessionId, tokenVersion } = caller;
  return {
    connectionId,
    userId,
    username,
    sessionId,
    tokenVersion,
    openedAtMs: start - 60_000,
    tokenEndsAtMs: caller.tokenEndsAtMs,
    leaseEndsAtMs: start + 7_200_000,
    isSingleRoom: false,
    rooms: {},
    batch: false,
    history: 50,
    ...more,
  };
}

/** Returns the same socket as a subscriber. */
export function subscriberFor(
  caller: Caller,
  connectionId: string,
  more: Partial<Subscriber> = {},
): Subscriber {
  const { openedAtMs, leaseEndsAtMs, tokenEndsAtMs, userId, username, sessionId } = connectionOf(
    caller,
    connectionId,
  );
  return {
    connectionId,
    userId,
    username,
    sessionId,
    shard: 0,
    joinedAtMs: openedAtMs,
    openedAtMs,
    leaseEndsAtMs,
    tokenEndsAtMs,
    batch: false,
    isSingleRoom: false,
    ...more,
  };
}
