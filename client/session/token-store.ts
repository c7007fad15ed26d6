/** Where tokens are kept between requests, and between visits if they are to last. */

export interface StoredTokens {
  access: string;
  refresh: string;
  /** By this machine's clock, in milliseconds: a token's lifetime is counted from here, whatever the server's clock says. */
  received_at: number;
}

export interface TokenStore {
  get(): StoredTokens | undefined | Promise<StoredTokens | undefined>;
  set(tokens: StoredTokens): void | Promise<void>;
  clear(): void | Promise<void>;
  /** Calls the listener when another tab may have changed the tokens; the result ends that. */
  watch?(listener: () => void): () => void;
}

/** As much of `localStorage` as is needed. */
export interface StorageLike {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export function memoryTokenStore(initial?: StoredTokens): TokenStore {
  let tokens = initial;
  return {
    get: () => tokens,
    set: (given) => void (tokens = given),
    clear: () => void (tokens = undefined),
  };
}

/** Keeps the tokens over reloads, and shares them between the tabs of one origin. */
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

interface StoragePage {
  addEventListener?(type: 'storage', listener: (event: { key?: string | null }) => void): void;
  removeEventListener?(type: 'storage', listener: (event: { key?: string | null }) => void): void;
}

/** Browsers tell of changes that other tabs make; elsewhere there is nothing to hear. */
function watchStorage(key: string, onChange: () => void): () => void {
  const page = globalThis as StoragePage;
  const listener = ({ key: changed }: { key?: string | null }): void => {
    // Null when the whole storage was cleared.
    if (changed === key || changed === null) onChange();
  };
  page.addEventListener?.('storage', listener);
  return () => page.removeEventListener?.('storage', listener);
}

/** What somebody else has put there counts as nothing. */
function readTokens(text: string): StoredTokens | undefined {
  try {
    const { access, refresh, received_at } = JSON.parse(text) as Partial<StoredTokens>;
    if (typeof access !== 'string' || typeof refresh !== 'string') return undefined;
    return { access, refresh, received_at: typeof received_at === 'number' ? received_at : 0 };
  } catch {
    return undefined;
  }
}
