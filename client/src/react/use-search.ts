/** The hook for searching messages. */
import { useMemo } from 'react';
import { useSource } from './chat-context.ts';
import { idleSearch, MessageSearch, type SearchQuery, type SearchSnapshot } from './message-search.ts';
import { useSelected } from './use-selected.ts';

/** What `useSearch` returns. */
export interface Search extends SearchSnapshot {
  /** Begins another search and gives up the one before. Never rejects: a failure is the `problem`. */
  search: (query: SearchQuery) => Promise<void>;
  /** Adds further results, or tries again after a failure. */
  searchOn: () => Promise<void>;
  /** Gives up the search and forgets its results. */
  clear: () => void;
}

/**
 * Searches the messages of a room, or of all rooms of the user. A search ends when the component does.
 *
 * @param roomId of the room to search; all rooms when it is undefined
 * @example
 * const { results, status, search, searchOn } = useSearch(roomId);
 *
 * <form onSubmit={() => void search({ q: words })}>…</form>
 * {results.map(({ message_id, content }) => <p key={message_id}>{content}</p>)}
 * {status === 'paused' && <button onClick={() => void searchOn()}>Older results</button>}
 */
export function useSearch(roomId?: string): Search {
  const source = useSource();
  const store = useMemo(() => new MessageSearch(() => source.client, roomId), [source, roomId]);
  const snapshot = useSelected(store, selectSearch);
  return useMemo(() => {
    const { search, searchOn, clear } = store;
    return { ...snapshot, search, searchOn, clear };
  }, [snapshot, store]);
}

const selectSearch = (snapshot: SearchSnapshot | undefined): SearchSnapshot => snapshot ?? idleSearch;
