/** The hook for the users who are present in a room. */
import type { Room, RoomSnapshot, RoomUser } from '../index.ts';
import { haveSameFields, useSelected } from './use-selected.ts';

/** What `usePresence` returns. */
export interface Presence {
  /** The users who are present. The server lists at most 200 of them when the room opens. */
  users: readonly RoomUser[];
  /** The number of users who are present, including those who are not listed. */
  userCount: number;
}

/**
 * Returns the users who are present in a room: those who have it open on at least one device.
 *
 * @param room of `useRoom`
 * @example
 * const { users, userCount } = usePresence(room);
 *
 * <p title={users.map(({ username }) => username).join(', ')}>{userCount} here</p>
 */
export function usePresence(room: Room | undefined): Presence {
  return useSelected(room, selectPresence, haveSameFields);
}

const none: readonly RoomUser[] = [];

function selectPresence(snapshot: RoomSnapshot | undefined): Presence {
  return { users: snapshot?.users ?? none, userCount: snapshot?.userCount ?? 0 };
}
