/** Stores for text that was written but not sent, by room. */

/** A place for drafts. Each key names a user and a room. */
export interface DraftStore {
  /** Returns the draft; an empty text when there is none. */
  get: (key: string) => string;
  /** An empty text removes the draft. */
  set: (key: string, text: string) => void;
}

/**
 * Keeps drafts until the page is reloaded.
 *
 * @example
 * const drafts = memoryDraftStore();
 * <Composer room={room} drafts={drafts} />
 */
export function memoryDraftStore(): DraftStore {
  const drafts = new Map<string, string>();
  return {
    get: (key) => drafts.get(key) ?? '',
    set: (key, text) => void (text === '' ? drafts.delete(key) : drafts.set(key, text)),
  };
}

/**
 * Keeps drafts in a storage, so that they outlive a reload of the page. With `sessionStorage` they end with the tab.
 *
 * @param prefix starts the names of the items
 * @example
 * const drafts = storageDraftStore(sessionStorage);
 * <Composer room={room} drafts={drafts} />
 */
export function storageDraftStore(
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  prefix = 'chat.draft.',
): DraftStore {
  const memory = memoryDraftStore();
  return {
    get: (key) => storage.getItem(prefix + key) ?? memory.get(key),
    set(key, text) {
      memory.set(key, text);
      try {
        if (text === '') storage.removeItem(prefix + key);
        else storage.setItem(prefix + key, text);
      } catch {
        // The storage is full or forbidden; the draft stays in memory.
      }
    },
  };
}
