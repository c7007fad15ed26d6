/** Who is in a room now, from the list at its opening and what came since. */
import type { EventOf } from '../../shared/contract/websocket/events.ts';
import type { RoomUser } from './room-snapshot.ts';

export interface Presence {
  users: readonly RoomUser[];
  /** All of them, also those beyond the list's end. */
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
  const isBeyondList = !isListed && count > users.length;
  if (!isListed && !isBeyondList) return presence;
  return { users: users.filter((user) => user.id !== id), count: count - 1 };
}
