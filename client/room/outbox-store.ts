/** Where messages wait until the server has acknowledged them, over reconnects, and over reloads if they are to. */
import type { StorageLike } from '../session/token-store.ts';

export interface OutboxEntry {
  client_id: string;
  /** Who wrote it: emptyPresence else who signs in here sends it. */
  user_id: string;
  /** The room it was written for; absent as long as only the name is known by which the user asked for the room. */
  room_id?: string;
  /** The room's name, or whatever it was asked for by. */
  room: string;
  content: string;
  /** ISO 8601, by this machine's clock: shown, and no order follows from it. */
  created_at: string;
  /** Counts up over all entries of the store: the order in which they were written. */
  order: number;
  /** Why it was refused for good; absent while it waits. */
  problem?: { code: string; detail: string; status: number };
}

export interface OutboxStore {
  /** In any order. One that answers at once keeps the order of several tabs that share it. */
  list(): readonly OutboxEntry[] | Promise<readonly OutboxEntry[]>;
  put(entry: OutboxEntry): void | Promise<void>;
  remove(clientId: string): void | Promise<void>;
}

export function memoryOutboxStore(): OutboxStore {
  const entries = new Map<string, OutboxEntry>();
  return {
    list: () => [...entries.values()],
    put: (entry) => void entries.set(entry.client_id, entry),
    remove: (clientId) => void entries.delete(clientId),
  };
}

/** An item for each entry, so that two tabs do not undo each other's changes. */
export function storageOutboxStore(storage: StorageLike, prefix = 'chat.outbox.'): OutboxStore {
  return {
    list() {
      const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index));
      return keys
        .filter((key) => key?.startsWith(prefix) === true)
        .flatMap((key) => readEntry(storage.getItem(key as string)));
    },
    put: (entry) => storage.setItem(prefix + entry.client_id, JSON.stringify(entry)),
    remove: (clientId) => storage.removeItem(prefix + clientId),
  };
}

function readEntry(text: string | null): OutboxEntry[] {
  try {
    const entry = JSON.parse(text ?? 'null') as Partial<OutboxEntry> | null;
    const { client_id, user_id, room, content, created_at } = entry ?? {};
    const isWhole = [client_id, user_id, room, content, created_at].every((part) => typeof part === 'string');
    // An earlier version of this client kept no order.
    return isWhole ? [{ order: 0, ...entry } as OutboxEntry] : [];
  } catch {
    // Somebody else's item under our prefix.
    return [];
  }
}
