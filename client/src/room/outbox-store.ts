/** Stores for messages that wait to be sent: in memory, or in a storage that outlives the page. */
import type { StorageLike } from '../session/token-store.ts';

/** The upload of a file that the server has. */
export interface PostedFile {
  /** The id of the upload. */
  upload_id: string;
  /** Until when a message can be sent with it, in milliseconds since 1970 by this machine's clock. */
  ready_until: number;
}

/** A file of a message that the server has not stored yet. Its bytes are kept apart from the outbox. */
export interface OutboxFile extends Partial<PostedFile> {
  /** Given by this client. */
  id: string;
  name: string;
  type: string;
  /** In bytes. */
  size: number;
  alt: string;
}

/** A message that the server has not stored yet. */
export interface OutboxEntry {
  client_id: string;
  /** The author. The message is sent only while this user is signed in. */
  user_id: string;
  /** The room that the message was written for; absent while the client knows only the name that the user asked for. */
  room_id?: string;
  /** The room's name, or the name or id that it was asked for by. */
  room: string;
  /** False if the room is not to be created when none has the name. */
  create?: boolean;
  content: string;
  /** Absent if the message has none. */
  files?: readonly OutboxFile[];
  /** ISO 8601 by this machine's clock. For display only: messages are ordered by `order`. */
  created_at: string;
  /** A counter over all entries of the store: the order in which they were written. */
  order: number;
  /** Why the server refused the message; absent while it waits to be sent. */
  problem?: { code: string; detail: string; status: number };
}

/**
 * A place for unsent messages. Each method may answer at once or with a promise. Tabs that share a store keep the order
 * of writing among them only if `list` answers at once.
 */
export interface OutboxStore {
  /** Returns the entries of all users in any order. */
  list(): readonly OutboxEntry[] | Promise<readonly OutboxEntry[]>;
  /** Stores an entry, in place of the one with the same `client_id`. */
  put(entry: OutboxEntry): void | Promise<void>;
  /** Removes the entry with that `client_id`, if there is one. */
  remove(clientId: string): void | Promise<void>;
}

/** Keeps unsent messages in memory: they outlive lost connections, but not a reload of the page. */
export function memoryOutboxStore(): OutboxStore {
  const entries = new Map<string, OutboxEntry>();
  return {
    list: () => [...entries.values()],
    put: (entry) => void entries.set(entry.client_id, entry),
    remove: (clientId) => void entries.delete(clientId),
  };
}

/**
 * Keeps unsent messages in a storage, so that they outlive reloads. Each entry is an item of its own: two tabs do not
 * undo each other's changes.
 *
 * @param prefix starts the names of the items
 * @example
 * createChatClient({ url: 'https://chat.example', outbox: storageOutboxStore(localStorage) });
 */
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
    const isComplete = [client_id, user_id, room, content, created_at].every(
      (field) => typeof field === 'string',
    );
    // Earlier versions of this client stored no order.
    return isComplete ? [{ order: 0, ...entry } as OutboxEntry] : [];
  } catch {
    // Another program's item whose name starts with the same prefix.
    return [];
  }
}
