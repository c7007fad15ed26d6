/** Stores for a user's tokens: in memory, or in a storage that outlives the page. */

export interface StoredTokens {
  access: string;
  refresh: string;
  /**
   * Milliseconds since 1970 by this machine's clock. Lifetimes are counted from here, since the two clocks may differ.
   */
  received_at: number;
}

/** A place for the tokens of one user. Each method may answer at once or with a promise. */
export interface TokenStore {
  /** Returns the tokens; undefined when no user is signed in. */
  get(): StoredTokens | undefined | Promise<StoredTokens | undefined>;
  /** Replaces the tokens. */
  set(tokens: StoredTokens): void | Promise<void>;
  /** Removes the tokens. */
  clear(): void | Promise<void>;
  /** Calls the listener when another tab may have changed the tokens, until the returned function is called. */
  watch?(listener: () => void): () => void;
}

/** The part of `localStorage` that the stores use. */
export interface StorageLike {
  readonly length: number;
  /** Returns the name of an item by its position. */
  key(index: number): string | null;
  /** Returns the text of an item. */
  getItem(key: string): string | null;
  /** Stores a text. */
  setItem(key: string, value: string): void;
  /** Removes an item. */
  removeItem(key: string): void;
}

/** Keeps the tokens in memory: a reload of the page signs the user out. */
export function memoryTokenStore(initial?: StoredTokens): TokenStore {
  let tokens = initial;
  return {
    get: () => tokens,
    set: (newTokens) => void (tokens = newTokens),
    clear: () => void (tokens = undefined),
  };
}

/**
 * Keeps the tokens in a storage: they outlive reloads, and the tabs of one origin share them.
 *
 * @param key the name of the storage's item
 * @example
 * createChatClient({ url: 'https://chat.example', tokens: storageTokenStore(localStorage) });
 */
export function storageTokenStore(storage: StorageLike, key = 'chat.tokens'): TokenStore {
  return {
    get() {
      const text = storage.getItem(key);
      return text === null ? undefined : readTokens(text);
    },
    set: (tokens) => storage.setItem(key, JSON.stringify(tokens)),
    clear: () => storage.removeItem(key),
    watch: (listener) => watchStorage(key, listener),
  };
}

interface StorageEventSource {
  addEventListener?(type: 'storage', listener: (event: { key?: string | null }) => void): void;
  removeEventListener?(type: 'storage', listener: (event: { key?: string | null }) => void): void;
}

/** Browsers send `storage` events for changes by other tabs. In other environments this does nothing. */
function watchStorage(key: string, onChange: () => void): () => void {
  const page = globalThis as StorageEventSource;
  const listener = ({ key: changed }: { key?: string | null }): void => {
    // The key is null when the whole storage was cleared.
    if (changed === key || changed === null) onChange();
  };
  page.addEventListener?.('storage', listener);
  return () => page.removeEventListener?.('storage', listener);
}

/** Returns undefined for an item that this client did not write. */
function readTokens(text: string): StoredTokens | undefined {
  try {
    const { access, refresh, received_at } = JSON.parse(text) as Partial<StoredTokens>;
    if (typeof access !== 'string' || typeof refresh !== 'string') return undefined;
    return { access, refresh, received_at: typeof received_at === 'number' ? received_at : 0 };
  } catch {
    return undefined;
  }
}
