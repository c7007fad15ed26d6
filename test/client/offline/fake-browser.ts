/** A browser with an IndexedDB of its own: what is stored outlives clients, as it outlives reloads of a page. */
import * as fakeIndexedDb from 'fake-indexeddb';
import { expect, onTestFinished, vi } from 'vitest';
// Loaded beforehand: the client loads it on demand, which takes a time that no clock of a test measures.
import '../../../client/src/offline/room-cache.ts';
import { RoomDatabase } from '../../../client/src/offline/room-database.ts';
import type { RoomLookup } from '../../../client/src/offline/stored-room.ts';
import { settle } from '../fake-system.ts';

export const databaseName = 'chat:http://chat.test';

/** Puts an empty IndexedDB in place until the test ends. */
export function openFakeBrowser(): IDBFactoryLike {
  const { IDBFactory, default: _, indexedDB: __, forceCloseDatabase: ___, ...classes } = fakeIndexedDb;
  for (const [name, value] of Object.entries({ ...classes, IDBFactory })) vi.stubGlobal(name, value);
  const indexedDB = new IDBFactory();
  vi.stubGlobal('indexedDB', indexedDB);
  onTestFinished(() => void vi.unstubAllGlobals());
  return indexedDB;
}

type IDBFactoryLike = InstanceType<typeof fakeIndexedDb.IDBFactory>;

/** Opens the database of the chat, as another tab would. It is closed when the test ends. */
export async function openDatabase(options: { version?: number } = {}): Promise<RoomDatabase> {
  const database = await RoomDatabase.open({ name: databaseName, closed: () => {}, ...options });
  onTestFinished(() => database.close());
  return database;
}

/** Returns what is stored of a room, as another tab would read it. */
export async function readStored(userId: string, lookup: Partial<RoomLookup>) {
  const database = await RoomDatabase.open({ name: databaseName, closed: () => {} });
  try {
    return (await database.read(userId, { roomId: undefined, names: [], ...lookup }))?.room;
  } finally {
    database.close();
  }
}

const patienceMs = 10_000;

/** Lets the client and the database work until the assertion holds; after ten seconds, its failure is that of the test. */
export async function until(assertion: () => void | Promise<void>): Promise<void> {
  const deadlineMs = performance.now() + patienceMs;
  while (performance.now() < deadlineMs) {
    try {
      await assertion();
      return;
    } catch {
      await settle();
    }
  }
  await assertion();
  expect.hasAssertions();
}
