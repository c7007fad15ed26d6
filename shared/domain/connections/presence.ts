/** Presence: which users have a live connection in a room, and whether a room publishes who comes and goes. */
import type { Subscriber } from '../model/connections.ts';
import { isAlive } from './subscribers.ts';

export interface PresentUser {
  id: string;
  username: string;
}

/**
 * Whether a room publishes `user_join` and `user_leave`. In a room of thousands they would cost the square of the number
 * of users: ten thousand users who reconnect together would cause a hundred million frames.
 */
export function publishesPresence(shards: number): boolean {
  return shards <= 4;
}

/** Returns the users with a live connection, each once, ordered by when they joined. */
export function usersPresent(subscribers: Subscriber[], now: number): PresentUser[] {
  const users = new Map<string, PresentUser>();
  for (const { userId, username } of subscribers
    .filter((subscriber) => isAlive(subscriber, now))
    .sort((a, b) => a.joinedAtMs - b.joinedAtMs)) {
    if (!users.has(userId)) users.set(userId, { id: userId, username });
  }
  return [...users.values()];
}

/** Whether the user has a live connection besides this one; with `before`, only one that joined before it counts. */
export function hasOtherConnection(
  subscribers: Subscriber[],
  { connectionId, userId }: Pick<Subscriber, 'connectionId' | 'userId'>,
  now: number,
  before?: Pick<Subscriber, 'joinedAtMs'>,
): boolean {
  return subscribers.some(
    (other) =>
      other.userId === userId &&
      other.connectionId !== connectionId &&
      isAlive(other, now) &&
      (before === undefined ||
        other.joinedAtMs < before.joinedAtMs ||
        (other.joinedAtMs === before.joinedAtMs && other.connectionId < connectionId)),
  );
}
