/** Rooms that are opened with `create: false`, so that a mistyped name creates none. */
import { beforeEach, expect, test } from 'vitest';
import { storageOutboxStore } from '../../client/src/index.ts';
import { FakeServer, start } from './fake-server.ts';
import { fakeStorage } from './fake-storage.ts';
import type { FakeSystem } from './fake-system.ts';

let server: FakeServer;
let system: FakeSystem;

beforeEach(async () => {
  server = new FakeServer();
  system = server.client();
  server.room('general');
  await start(system);
  await server.pass(1_000);
});

const names = (): string[] => server.rooms.map(({ name }) => name);

test('a name that no room has closes the view with not_found, and its messages fail', async () => {
  const room = system.client.room('general-typo', { create: false });
  room.send('hello?');
  await server.pass(1_000);
  expect(names()).toEqual(['general']);
  const { status, problem, messages } = room.getSnapshot();
  expect([status, problem?.code, messages[0]?.state]).toEqual(['closed', 'not_found', 'failed']);
  const stop = room.subscribe(() => {});
  await server.pass(1_000);
  expect([room.status, names()]).toEqual(['closed', ['general']]);
  stop();
});

test('a name that a room has opens it, also by a later spelling and after a rename', async () => {
  const room = system.client.room('General', { create: false });
  await server.pass(1_000);
  expect(room.status).toBe('live');
  (server.rooms[0] ?? { name: '' }).name = 'renamed';
  const again = system.client.room('general', { create: false });
  await server.pass(1_000);
  expect([again.status, names()]).toEqual(['live', ['renamed']]);
});

test.each([
  [false, true],
  [true, false],
])(
  'a view that may create the room is not refused because of one that may not (%s, then %s)',
  async (first, second) => {
    const views = [first, second].map((create) => system.client.room('new', { create }));
    await server.pass(2_000);
    expect(names()).toEqual(['general', 'new']);
    expect(views.find((_, index) => [first, second][index])?.status).toBe('live');
  },
);

test('a message that was written for such a room creates none after a reload', async () => {
  const storage = fakeStorage();
  const before = server.client({ outbox: storageOutboxStore(storage) });
  await before.client.signIn('ann', 'secret');
  before.client.room('general-typo', { create: false }).send('hello?');
  await server.pass(100);
  const after = server.client({ outbox: storageOutboxStore(storage) });
  await start(after);
  await server.pass(3_000);
  expect(names()).toEqual(['general']);
  expect(await after.client.unsent()).toEqual([expect.objectContaining({ content: 'hello?' })]);
  expect((await after.client.unsent())[0]?.problem?.code).toBe('not_found');
});
