/** Stores that throw or reject: a full storage, a browser that forbids it, and a database that fails. */
import { describe, expect, test } from 'vitest';
import {
  memoryOutboxStore,
  memoryTokenStore,
  storageOutboxStore,
  storageTokenStore,
  type OutboxStore,
  type StorageLike,
  type TokenStore,
} from '../../client/src/index.ts';
import { tolerantTokenStore } from '../../client/src/session/tolerant-token-store.ts';
import { FakeServer, start } from './fake-server.ts';
import { fakeStorage } from './fake-storage.ts';
import { openRoom, createFakeSystem, ManualClock, settle, tokensOf } from './fake-system.ts';
import { ann, bob } from './server-events.ts';

const forbidden = (): never => {
  throw new Error('The operation is insecure');
};

/** A storage of which these methods throw. */
function brokenStorage(...methods: (keyof StorageLike)[]): StorageLike {
  const storage = fakeStorage();
  for (const name of methods) Object.defineProperty(storage, name, { get: () => forbidden });
  return storage;
}

const rejecting = (): Promise<never> => Promise.reject(new Error('The database was closed'));

const failingOutboxes: [string, () => OutboxStore][] = [
  ['is full', () => storageOutboxStore(brokenStorage('setItem'))],
  ['is forbidden', () => storageOutboxStore(brokenStorage('setItem', 'getItem', 'key', 'removeItem'))],
  ['cannot remove', () => storageOutboxStore(brokenStorage('removeItem'))],
  ['cannot read', () => ({ ...memoryOutboxStore(), list: forbidden })],
  ['rejects', () => ({ list: rejecting, put: rejecting, remove: rejecting })],
];

describe.each(failingOutboxes)('a client whose outbox %s', (_, create) => {
  test('sends every message once and in order, also in a room that was opened again, and reports it once', async () => {
    const server = new FakeServer();
    const system = server.client({ outbox: create() });
    const reported = new Set();
    system.client.subscribe(() => {
      const { storageProblem } = system.client.getSnapshot();
      if (storageProblem !== undefined) reported.add(storageProblem);
    });
    server.room('x');
    await start(system);
    await server.pass(1_000);
    const room = system.client.room('x');
    room.send('one');
    await server.pass(2_000);
    system.client.disconnect();
    room.send('two');
    room.send('three');
    await settle();
    expect((await system.client.unsent()).map(({ content }) => content)).toEqual(['two', 'three']);
    room.close();
    system.client.connect();
    await server.pass(5_000);
    expect(server.texts('x')).toEqual(['one', 'two', 'three']);
    const again = system.client.room('x');
    await server.pass(5_000);
    expect(again.messages.map(({ content, state }) => `${content} ${state}`)).toEqual([
      'one sent',
      'two sent',
      'three sent',
    ]);
    expect(await system.client.unsent()).toEqual([]);
    expect(reported.size).toBe(1);
    expect(system.client.getSnapshot().storageProblem).toMatchObject({ code: 'not_stored' });
  });
});

const failingTokenStores: [string, () => TokenStore][] = [
  ['is full', () => storageTokenStore(brokenStorage('setItem'))],
  ['is forbidden', () => storageTokenStore(brokenStorage('setItem', 'getItem', 'removeItem'))],
  ['rejects', () => ({ get: rejecting, set: rejecting, clear: rejecting })],
];

describe.each(failingTokenStores)('a client whose token store %s', (_, create) => {
  test('signs in, connects, renews its token and signs out, in memory', async () => {
    const system = createFakeSystem({ tokens: create() });
    const room = await openRoom(system);
    expect([room.status, system.client.user]).toEqual(['live', ann]);
    expect(system.client.getSnapshot().storageProblem).toMatchObject({ code: 'not_stored' });
    await system.clock.advance(280_000);
    await expect(system.client.http.listMyRooms().firstPage()).resolves.toEqual([]);
    expect(system.requests).toContain('POST /users/token/refresh/');
    await system.client.signOut();
    expect(system.client.state).toBe('signed-out');
    await expect(system.client.http.getProfile()).rejects.toMatchObject({ code: 'signed_out' });
  });
});

test('tokens that could not be stored are used until another tab stores its own', async () => {
  const clock = new ManualClock();
  const [anns, newer, bobs] = [ann, ann, bob].map((user) => ({ ...tokensOf(user, clock), received_at: 0 }));
  if (anns === undefined || newer === undefined || bobs === undefined) throw new Error('no tokens');
  const shared = memoryTokenStore(anns);
  let isFull = false;
  const errors: unknown[] = [];
  const store = tolerantTokenStore(
    { ...shared, set: (tokens) => (isFull ? forbidden() : shared.set(tokens)) },
    (error) => errors.push(error),
  );
  expect(store.get()).toBe(anns);
  isFull = true;
  await store.set(newer);
  expect([store.get(), errors.length]).toEqual([newer, 1]);
  await shared.set(bobs);
  expect(store.get()).toBe(bobs);
});
