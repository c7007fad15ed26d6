/** A sign-in and a sign-out in one tab reach the others of the same origin, without a reload. */
import { beforeEach, expect, test } from 'vitest';
import { storageTokenStore, type ChatState } from '../../client/src/index.ts';
import { openFakePage, type FakePage } from './fake-page.ts';
import { FakeServer, start } from './fake-server.ts';
import { fakeStorage } from './fake-storage.ts';
import type { FakeSystem } from './fake-system.ts';
import { ann, bob } from './server-events.ts';

let page: FakePage;
let server: FakeServer;
let tabs: [FakeSystem, FakeSystem];

beforeEach(() => {
  page = openFakePage();
  server = new FakeServer();
  server.room('x');
  const storage = fakeStorage();
  const tab = (): FakeSystem => server.client({ tokens: storageTokenStore(storage) });
  tabs = [tab(), tab()];
});

/** Lets the other tab hear of the change, and both connect. */
async function settleTabs(): Promise<void> {
  page.storageChanged('chat.tokens');
  await server.pass(2_000);
}

test('a tab that waits for a user connects when another tab signs one in, and follows each change', async () => {
  const [first, second] = tabs;
  const states: ChatState[] = [];
  second.client.subscribe(() => {
    const { state } = second.client.getSnapshot();
    if (states.at(-1) !== state) states.push(state);
  });
  second.client.connect();
  await server.pass(1_000);
  expect([second.client.state, second.client.user]).toEqual(['signed-out', undefined]);
  await start(first);
  await settleTabs();
  expect([second.client.state, second.client.user]).toEqual(['live', ann]);
  const room = second.client.room('x');
  await server.pass(1_000);
  await first.client.signOut();
  await settleTabs();
  expect([second.client.state, room.status]).toEqual(['signed-out', 'closed']);
  await first.client.signIn('bob', 'secret');
  await settleTabs();
  expect([second.client.state, second.client.user]).toEqual(['live', bob]);
  expect(second.client.getSnapshot().problem).toBeUndefined();
  expect(states).not.toContain('offline');
});

test('a tab that does not want to connect shows the user, and connects when asked to', async () => {
  const [first, second] = tabs;
  await start(first);
  await settleTabs();
  expect([second.client.state, second.client.user]).toEqual(['offline', ann]);
  second.client.connect();
  await server.pass(2_000);
  expect(second.client.state).toBe('live');
});

test('a tab that missed the event follows when the user looks at it', async () => {
  const [first, second] = tabs;
  second.client.connect();
  await start(first);
  await server.pass(2_000);
  expect(second.client.state).toBe('signed-out');
  page.setVisible(true);
  await server.pass(2_000);
  expect([second.client.state, second.client.user]).toEqual(['live', ann]);
});
