/** Another user signs in over the same storage while a client of the previous user still runs. */
import { expect, test, vi } from 'vitest';
import {
  memoryTokenStore,
  storageOutboxStore,
  storageTokenStore,
  type StorageLike,
} from '../../client/src/index.ts';
import { FakeServer, start } from './fake-server.ts';
import { fakeStorage } from './fake-storage.ts';
import { createFakeSystem, openRoom, problem, tokensOf, type FakeSystem } from './fake-system.ts';
import { ann, bob } from './server-events.ts';

const clientOn = (server: FakeServer, storage: StorageLike) =>
  server.client({ tokens: storageTokenStore(storage), outbox: storageOutboxStore(storage) });

async function annsTabAndBobs() {
  const server = new FakeServer();
  const { id } = server.room('x');
  const storage = fakeStorage();
  const [tab, other] = [clientOn(server, storage), clientOn(server, storage)];
  await start(tab);
  const room = tab.client.room('x');
  await server.pass(1_000);
  expect(room.status).toBe('live');
  return { server, storage, tab, other, room, id };
}

const users = (server: FakeServer) =>
  server.rooms[0]?.texts.map(({ content, user }) => `${user}: ${content}`);

test('a client closes the rooms of the previous user before it connects as the new one', async () => {
  const { server, tab, other, room } = await annsTabAndBobs();
  await start(other, 'bob');
  expect(() => room.send('by whom?')).toThrow(expect.objectContaining({ code: 'signed_out' }));
  await server.pass(2_000);
  expect(room.getSnapshot()).toMatchObject({
    status: 'closed',
    problem: { code: 'signed_out' },
    messages: [],
  });
  expect(tab.client.getSnapshot()).toMatchObject({ user: bob, state: 'live', rooms: [] });
  const bobs = tab.client.room('x');
  await server.pass(1_000);
  bobs.send('by bob');
  await server.pass(1_000);
  expect(users(server)).toEqual(['bob: by bob']);
  expect(bobs.messages).toEqual([expect.objectContaining({ sender_id: bob.id, is_mine: true })]);
});

test('unsent messages of the previous user are sent only when that user has signed in again', async () => {
  const { server, tab, other, room } = await annsTabAndBobs();
  tab.client.disconnect();
  room.send('by ann');
  await start(other, 'bob');
  tab.client.connect();
  await server.pass(2_000);
  other.client.room('x');
  tab.client.room('x');
  await server.pass(2_000);
  expect(users(server)).toEqual([]);
  await other.client.signIn('ann', 'secret');
  await server.pass(3_000);
  expect(users(server)).toEqual(['ann: by ann']);
});

test('an operation that the previous user started is not sent as the new user', async () => {
  const { tab, other, room, server } = await annsTabAndBobs();
  await start(other, 'bob');
  const before = tab.requests.length;
  await expect(room.edit('m1', 'changed')).rejects.toMatchObject({ code: 'signed_out' });
  await expect(tab.client.http.getProfile()).rejects.toMatchObject({ code: 'not_found' });
  expect(tab.requests.slice(before).filter((name) => name.includes('/messages/'))).toEqual([]);
  await server.pass(1_000);
});

test('signing the previous user out does not sign the new user out', async () => {
  const { storage, tab, other } = await annsTabAndBobs();
  await start(other, 'bob');
  await tab.client.signOut();
  expect(storage.getItem('chat.tokens')).not.toBeNull();
  expect(await other.client.findUser()).toEqual(bob);
});

test('a renewal for the previous user neither overwrites the new user’s tokens nor ends their session', async () => {
  for (const answer of [
    (system: FakeSystem) => Response.json(tokensOf(ann, system.clock)),
    () => problem(401, 'invalid_refresh_token'),
  ]) {
    const tokens = memoryTokenStore();
    const system = createFakeSystem({ tokens });
    await openRoom(system);
    const bobs = { ...tokensOf(bob, system.clock), received_at: system.clock.now() };
    system.answers.set('POST /users/token/refresh/', async () => {
      await tokens.set(bobs);
      return answer(system);
    });
    system.socket().push({ type: 'close', code: 4001, reason: 'ended', reconnect: false, resume: true });
    system.socket().cut();
    await system.clock.advance(3_000);
    expect(await tokens.get()).toEqual(bobs);
    expect(system.client.user).toEqual(bob);
  }
});

test('a client follows a change of user when the browser sends a storage event', async () => {
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  try {
    const { server, tab, other, room } = await annsTabAndBobs();
    await other.client.signIn('bob', 'secret');
    page.dispatchEvent(Object.assign(new Event('storage'), { key: 'chat.tokens' }));
    await server.pass(100);
    expect([tab.client.user, room.status]).toEqual([bob, 'closed']);
  } finally {
    vi.unstubAllGlobals();
  }
});

test('a refresh whose answer was lost is repeated without signing the user out', async () => {
  const system = createFakeSystem();
  await system.client.signIn('ann', 'secret');
  let attempts = 0;
  system.answers.set('POST /users/token/refresh/', () => {
    attempts += 1;
    if (attempts < 2) throw new TypeError('terminated');
    return Response.json(tokensOf(ann, system.clock));
  });
  await system.clock.advance(272_000);
  expect(await system.client.http.listMyRooms().firstPage()).toEqual([]);
  expect(attempts).toBe(2);
  expect(system.client.user).toEqual(ann);
});
