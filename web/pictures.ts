/** The pictures of users that the page has come across, so that every view of a user shows them. */
import { useCallback, useEffect, useSyncExternalStore } from 'react';

interface WithPicture {
  id: string;
  /** An address that stays; null for a user without a picture, and absent where the server says nothing of it. */
  profile_picture?: string | null | undefined;
}

const addresses = new Map<string, string | null>();
const listeners = new Set<() => void>();

/** Takes over the pictures of users as the server has just shown them. */
export function rememberPictures(users: readonly WithPicture[]): void {
  let isChanged = false;
  for (const { id, profile_picture: address } of users) {
    if (address === undefined || addresses.get(id) === address) continue;
    addresses.set(id, address);
    isChanged = true;
  }
  if (isChanged) for (const listener of listeners) listener();
}

/** Does the same after a view was rendered with the users. */
export function useRememberPictures(users: readonly WithPicture[]): void {
  useEffect(() => rememberPictures(users), [users]);
}

/** Returns the address of a user's picture; undefined when there is none or none is known. */
export function usePicture(userId: string): string | undefined {
  const read = useCallback(() => addresses.get(userId) ?? undefined, [userId]);
  return useSyncExternalStore(subscribe, read);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
