/** The hook for the list of the user's rooms. */
import { useMemo } from 'react';
import type { ChatClient } from '../index.ts';
import { useSource } from './chat-context.ts';
import type { ClientSource } from './client-source.ts';
import { RoomsStore, type RoomsSnapshot } from './rooms-store.ts';
import { useSelected, type Store } from './use-selected.ts';

/** What `useRooms` returns. */
export interface Rooms extends RoomsSnapshot {
  /** Loads the list again. Never rejects. */
  refresh: () => Promise<void>;
}

/**
 * Returns the rooms of the signed-in user, newest activity first, with the number of unread messages in each. All
 * components share one list.
 *
 * @example
 * const { rooms, isLoading } = useRooms();
 *
 * rooms.map(({ room_id, room_name, unread_count }) => (
 *   <a key={room_id} href={`/rooms/${room_id}`}>
 *     {room_name} {unread_count > 0 && <b>{unread_count}</b>}
 *   </a>
 * ));
 */
export function useRooms(): Rooms {
  const source = useSource();
  const store = useMemo(() => storeOf(source), [source]);
  const snapshot = useSelected(store, selectRooms);
  return useMemo(
    () => ({ ...snapshot, refresh: () => roomsOf(source.client).refresh() }),
    [snapshot, source],
  );
}

/** Reaches the list only after the client was created. */
function storeOf(source: ClientSource): Store<RoomsSnapshot> {
  return {
    subscribe: (listener) => roomsOf(source.client).subscribe(listener),
    getSnapshot: () =>
      source.getSnapshot() === undefined ? undefined : roomsOf(source.client).getSnapshot(),
  };
}

const stores = new WeakMap<ChatClient, RoomsStore>();

function roomsOf(client: ChatClient): RoomsStore {
  const store = stores.get(client) ?? new RoomsStore(client);
  stores.set(client, store);
  return store;
}

const loading: RoomsSnapshot = { rooms: [], isLoading: true, problem: undefined };

function selectRooms(snapshot: RoomsSnapshot | undefined): RoomsSnapshot {
  return snapshot ?? loading;
}
