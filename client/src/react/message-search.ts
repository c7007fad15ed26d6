/** A search for messages, which goes on page by page until it has something to show, and ends with its component. */
import type { ChatClient, ChatProblem, SearchMyRoomsArguments, SearchPage, SearchResult } from '../index.ts';
import type { Store } from './use-selected.ts';

/** What to search for: words, a sender, or what the messages have. */
export type SearchQuery = Omit<SearchMyRoomsArguments, 'cursor'>;

/**
 * - `idle`: nothing was searched for.
 * - `searching`: pages are being requested.
 * - `paused`: there is more to search; call `searchOn`.
 * - `done`: everything has been searched.
 * - `failed`: see `problem`; `searchOn` tries again.
 */
export type SearchStatus = 'idle' | 'searching' | 'paused' | 'done' | 'failed';

/** What a search has found so far. */
export interface SearchSnapshot {
  status: SearchStatus;
  /** Newest first. */
  results: readonly SearchResult[];
  /** How far back the search has come: a time, or null when it is done or has not begun. */
  searchedBackTo: string | null;
  problem: ChatProblem | undefined;
}

export const idleSearch: SearchSnapshot = {
  status: 'idle',
  results: [],
  searchedBackTo: null,
  problem: undefined,
};

/** A page reads thousands of messages. After this many without a result, the user decides whether to go on. */
const pagesWithoutResult = 8;

export class MessageSearch implements Store<SearchSnapshot> {
  readonly #client: () => ChatClient;
  readonly #roomId: string | undefined;
  readonly #listeners = new Set<() => void>();
  #snapshot = idleSearch;
  #query: SearchQuery = {};
  #cursor: string | undefined;
  /** Changes when the running search is given up, so that its answers are ignored. */
  #run = 0;

  /** @param roomId of the room to search; all rooms of the user when it is undefined */
  constructor(client: () => ChatClient, roomId: string | undefined) {
    this.#client = client;
    this.#roomId = roomId;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0 && this.#snapshot.status === 'searching') this.clear();
    };
  };

  getSnapshot = (): SearchSnapshot => this.#snapshot;

  /** Begins another search. Never rejects: a failure is the `problem`. */
  search = (query: SearchQuery): Promise<void> => {
    this.#query = query;
    this.#cursor = undefined;
    this.#snapshot = idleSearch;
    return this.searchOn();
  };

  /** Goes on until there are further results. Has no effect while pages are being requested, or when all are there. */
  searchOn = async (): Promise<void> => {
    if (this.#snapshot.status === 'searching' || this.#snapshot.status === 'done') return;
    this.#run += 1;
    const run = this.#run;
    this.#show({ status: 'searching', problem: undefined });
    try {
      for (let pages = 0; pages < pagesWithoutResult; pages += 1) {
        const page = await this.#request();
        if (run !== this.#run) return;
        this.#add(page);
        if (this.#cursor === undefined) return this.#show({ status: 'done' });
        if (page.results.length > 0) break;
      }
      this.#show({ status: 'paused' });
    } catch (error) {
      if (run === this.#run) this.#show({ status: 'failed', problem: error as ChatProblem });
    }
  };

  /** Gives up the search and forgets its results. */
  clear = (): void => {
    this.#run += 1;
    this.#show(idleSearch);
  };

  #request(): Promise<SearchPage> {
    const { http } = this.#client();
    const query = { ...this.#query, ...(this.#cursor !== undefined && { cursor: this.#cursor }) };
    return this.#roomId === undefined
      ? http.searchMyRooms(query)
      : http.searchRoom({ ...query, room_id: this.#roomId });
  }

  #add({ results, searched_back_to: searchedBackTo, cursor }: SearchPage): void {
    this.#cursor = cursor;
    this.#show({ results: [...this.#snapshot.results, ...results], searchedBackTo });
  }

  #show(change: Partial<SearchSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }
}
