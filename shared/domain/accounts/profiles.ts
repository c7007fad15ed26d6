/** Reads and changes profiles, and finds users by username. */
import type { Profile, UserSummary } from '../../contract/entities.ts';
import * as limits from '../../contract/limits.ts';
import { ChatError } from '../chat-error.ts';
import type { Caller } from '../model/accounts.ts';
import type { UserStore } from '../ports/accounts.ts';
import { viewProfile, viewUser } from '../views.ts';

/**
 * Returns the caller's own profile.
 * @throws ChatError `unauthorized` when the user no longer exists
 */
export async function getProfile({ users }: { users: UserStore }, caller: Caller): Promise<Profile> {
  const profile = await users.getWithAccount(caller.userId);
  if (profile === undefined) throw new ChatError('unauthorized');
  return viewProfile(profile);
}

/**
 * Changes the fields of the caller's profile that are not undefined.
 * @throws ChatError `unauthorized` when the user no longer exists
 */
export async function updateProfile(
  ports: { users: UserStore },
  caller: Caller,
  changes: { firstName: string | undefined; lastName: string | undefined },
): Promise<Profile> {
  const defined = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  if (Object.keys(defined).length > 0 && (await ports.users.update(caller.userId, defined)) === undefined) {
    throw new ChatError('unauthorized');
  }
  return getProfile(ports, caller);
}

/** Returns users whose username starts with `prefix`, without regard to case. */
export async function findUsers({ users }: { users: UserStore }, prefix: string): Promise<UserSummary[]> {
  return (await users.findByPrefix(prefix, limits.userLookupSize)).map(viewUser);
}
