/** Profiles, and looking people up. */
import type { Profile, UserSummary } from '../../contract/entities.ts';
import { limits } from '../../contract/limits.ts';
import { ChatError } from '../chat-error.ts';
import type { Caller } from '../model.ts';
import type { UserStore } from '../ports/accounts.ts';
import { viewProfile, viewUser } from '../views.ts';

/** Throws `unauthorized` when the user is gone. */
export async function getProfile({ users }: { users: UserStore }, caller: Caller): Promise<Profile> {
  const profile = await users.getWithAccount(caller.userId);
  if (profile === undefined) throw new ChatError('unauthorized');
  return viewProfile(profile);
}

/** What is undefined stays as it is. Throws `unauthorized` when the user is gone. */
export async function updateProfile(
  ports: { users: UserStore },
  caller: Caller,
  changes: { firstName: string | undefined; lastName: string | undefined },
): Promise<Profile> {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  if (Object.keys(given).length > 0 && (await ports.users.update(caller.userId, given)) === undefined) {
    throw new ChatError('unauthorized');
  }
  return getProfile(ports, caller);
}

export async function findUsers({ users }: { users: UserStore }, prefix: string): Promise<UserSummary[]> {
  return (await users.findByPrefix(prefix, limits.userLookupSize)).map(viewUser);
}
