/**
 * Keeps the files of unsent messages in an IndexedDB database, so that they outlive a reload. Its calls run one after the
 * other. After the first failure, files are in memory only.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { OutboxEntry } from '../room/outbox-store.ts';
import { maxStoredBytes } from './file-rules.ts';

interface FileRow {
  id: string;
  /** The message that the file belongs to. */
  client_id: string;
  user_id: string;
  file: Blob;
  /** In milliseconds since 1970. */
  stored_at: number;
}

interface Schema extends DBSchema {
  files: { key: string; value: FileRow; indexes: { client_id: string; user_id: string } };
}

/** Another tab may not see a message yet that was written this recently. */
const graceMs = 60_000;

export interface FileStorePorts {
  /** Undefined where nothing is to be kept. */
  databaseName: string | undefined;
  storageFailed: (error: unknown) => void;
}

export class FileStore {
  readonly #ports: FileStorePorts;
  #database: Promise<IDBPDatabase<Schema>> | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #hasFailed: boolean;

  constructor(ports: FileStorePorts) {
    this.#ports = ports;
    this.#hasFailed = ports.databaseName === undefined;
  }

  /** Stores files of a message, those without an upload in any case: the others only need to be sent again after hours. */
  put(
    { client_id, user_id }: OutboxEntry,
    files: readonly { id: string; file: Blob; isPosted: boolean }[],
    nowMs: number,
  ): Promise<void> {
    return this.#run(async (database) => {
      let bytes = 0;
      for (const { file } of await database.getAllFromIndex('files', 'user_id', user_id)) bytes += file.size;
      for (const { id, file, isPosted } of files) {
        bytes += file.size;
        if (!isPosted || bytes <= maxStoredBytes)
          await database.put('files', { id, client_id, user_id, file, stored_at: nowMs });
      }
    });
  }

  /** Returns the stored files of a message, by their ids. */
  async read({ client_id }: OutboxEntry): Promise<Map<string, Blob>> {
    const found = new Map<string, Blob>();
    await this.#run(async (database) => {
      for (const { id, file } of await database.getAllFromIndex('files', 'client_id', client_id))
        found.set(id, file);
    });
    return found;
  }

  remove({ client_id }: Pick<OutboxEntry, 'client_id'>): Promise<void> {
    return this.#run(async (database) => {
      for (const id of await database.getAllKeysFromIndex('files', 'client_id', client_id))
        await database.delete('files', id);
    });
  }

  /** Removes files of a user whose messages are gone, for example since the page was closed between two steps. */
  clean(userId: string, nowMs: number, waiting: () => Promise<readonly OutboxEntry[]>): Promise<void> {
    return this.#run(async (database) => {
      const ids = new Set((await waiting()).map(({ client_id }) => client_id));
      for (const { id, client_id, stored_at } of await database.getAllFromIndex('files', 'user_id', userId)) {
        if (!ids.has(client_id) && stored_at < nowMs - graceMs) await database.delete('files', id);
      }
    });
  }

  #run(work: (database: IDBPDatabase<Schema>) => Promise<void>): Promise<void> {
    const before = this.#queue;
    const result = (async () => {
      await before;
      if (this.#hasFailed) return;
      try {
        await work(await this.#open());
      } catch (error) {
        this.#hasFailed = true;
        this.#ports.storageFailed(error);
      }
    })();
    this.#queue = result;
    return result;
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    this.#database ??= openDB<Schema>(this.#ports.databaseName ?? '', 1, {
      upgrade(database) {
        const files = database.createObjectStore('files', { keyPath: 'id' });
        files.createIndex('client_id', 'client_id');
        files.createIndex('user_id', 'user_id');
      },
      blocking: (_, __, event) => (event.target as { close?(): void } | null)?.close?.(),
    });
    return this.#database;
  }
}
