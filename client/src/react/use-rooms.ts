/** The hook for the list of the user's rooms. */
import { useMemo } from 'react';
import type { RoomListSnapshot } from '../index.ts';
import { useSource } from './chat-context.ts';
import type { ClientSource } from './client-source.ts';
import { useSelected, type Store } from './use-selected.ts';

/** What `useRooms` returns. */
export interface Rooms extends RoomListSnapshot {
  /** Loads the list again. Never rejects: a failure is the `problem`. */
  refresh: () => Promise<void>;
}

/**
 * Returns the rooms of the signed-in user, newest activity first, with the last message and the number of unread messages
 * in each. The list is live: it follows messages, memberships and read markers while a component shows it. All components
 * share one list.
 *
 * @example
 * const { rooms, status } = useRooms();
 *
 * if (status === 'loading') return <p>Loading</p>;
 * return rooms.map(({ room_id, display_name, unread_count }) => (
 *   <a key={room_id} href={`/rooms/${room_id}`}>
 *     {display_name} {unread_count > 0 && <b>{unread_count}</b>}
 *   </a>
 * ));
 */
export function useRooms(): Rooms {
  const source = useSource();
  const store = useMemo(() => listOf(source), [source]);
  const snapshot = useSelected(store, selectList);
  return useMemo(() => ({ ...snapshot, refresh: () => source.client.rooms.refresh() }), [snapshot, source]);
}

/** Reaches the list only after the client was created. */
function listOf(source: ClientSource): Store<RoomListSnapshot> {
  return {
    subscribe: (listener) => source.client.rooms.subscribe(listener),
    getSnapshot: () => (source.getSnapshot() === undefined ? undefined : source.client.rooms.getSnapshot()),
  };
}

const loading: RoomListSnapshot = {
  status: 'loading',
  rooms: [],
  unread: 0,
  hasMore: false,
  problem: undefined,
};

function selectList(snapshot: RoomListSnapshot | undefined): RoomListSnapshot {
  return snapshot ?? loading;
}
