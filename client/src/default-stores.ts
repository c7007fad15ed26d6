/** Where a client keeps tokens and unsent messages unless the application says otherwise. */
import type { ChatClientOptions } from './chat-client-types.ts';
import { memoryOutboxStore, storageOutboxStore, type OutboxStore } from './room/outbox-store.ts';
import {
  memoryTokenStore,
  storageTokenStore,
  type StorageLike,
  type TokenStore,
} from './session/token-store.ts';

/**
 * Returns stores in the `localStorage` of the page, under names with the chat's address, so that the clients of two
 * chats do not share a user; stores in memory where there is no page, or when nothing is to persist.
 */
export function defaultStores(url: string, persist: boolean): { tokens: TokenStore; outbox: OutboxStore } {
  const storage = persist ? pageStorage() : undefined;
  if (storage === undefined) return { tokens: memoryTokenStore(), outbox: memoryOutboxStore() };
  return {
    tokens: storageTokenStore(storage, `chat:${url}:tokens`),
    outbox: storageOutboxStore(storage, `chat:${url}:outbox:`),
  };
}

/** Returns whether to keep rooms in the browser's IndexedDB. */
export function keepsRooms({ persist = true, cache }: Pick<ChatClientOptions, 'persist' | 'cache'>): boolean {
  const { document, indexedDB } = globalThis as { document?: unknown; indexedDB?: unknown };
  return (cache ?? (persist && document !== undefined)) && indexedDB !== undefined;
}

/** Node has a `localStorage` too, which is not one of a user and a page. */
function pageStorage(): StorageLike | undefined {
  try {
    const { document, localStorage } = globalThis as { document?: unknown; localStorage?: StorageLike };
    return document === undefined ? undefined : localStorage;
  } catch {
    // A browser that blocks cookies throws at the mention of `localStorage`.
    return undefined;
  }
}
