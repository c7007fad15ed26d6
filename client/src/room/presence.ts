/** The users who are present in a room, from the list that the server sends on joining and the events after it. */
import type { EventOf } from '../contract/events.ts';
import type { RoomUser } from './room-snapshot.ts';

export interface Presence {
  users: readonly RoomUser[];
  /** The number of users present, including those that the server's list was too short for. */
  count: number;
}

export const emptyPresence: Presence = { users: [], count: 0 };

type PresenceEvent = EventOf<'room_users_list'> | EventOf<'user_join'> | EventOf<'user_leave'>;

export function applyPresence(presence: Presence, event: PresenceEvent): Presence {
  if (event.type === 'room_users_list') {
    return { users: event.users, count: event.total ?? event.users.length };
  }
  const { users, count } = presence;
  const { user_id: id, username } = event;
  const isListed = users.some((user) => user.id === id);
  if (event.type === 'user_join') {
    return isListed ? presence : { users: [...users, { id, username }], count: count + 1 };
  }
  const mayBeUnlisted = !isListed && count > users.length;
  if (!isListed && !mayBeUnlisted) return presence;
  return { users: users.filter((user) => user.id !== id), count: count - 1 };
}
