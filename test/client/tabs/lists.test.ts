/** The list of rooms in one tab, while another tab has one of the rooms open on the socket that they share. */
import { expect, test } from 'vitest';
import type { ListedRoom } from '../../../client/src/index.ts';
import { FakeServer, start } from '../fake-server.ts';
import { FakeBrowser, type Tab } from './fake-browser.ts';

const myRooms = 'GET /chat/rooms/mine/';

/** Opens two tabs: the first has the room `x` open, the second shows the list. */
async function openTabs() {
  const server = new FakeServer();
  const browser = new FakeBrowser(server);
  const { id } = server.room('x');
  const tabs = [browser.open(), browser.open()] as [Tab, Tab];
  for (const tab of tabs) {
    tab.answers.set(myRooms, () => {
      const last = server.rooms[0]!.texts.at(-1);
      const last_message = last === undefined ? null : { ...last, seq: server.rooms[0]!.texts.length };
      const room = { room_id: id, room_name: 'x', unread_count: 0, last_read_message_id: null };
      return Response.json([{ ...room, last_message, member_count: 2 }]);
    });
  }
  await start(tabs[0]);
  await server.pass(1_500);
  tabs[1].client.connect();
  const unsubscribe = tabs[1].client.rooms.subscribe(() => {});
  const room = tabs[0].client.room('x');
  await server.pass(3_000);
  const listed = (): ListedRoom | undefined => tabs[1].client.rooms.getSnapshot().rooms[0];
  const loads = (): number => tabs[1].requests.filter((name) => name === myRooms).length;
  return { server, browser, tabs, room, listed, loads, unsubscribe };
}

test('shows new messages of a room that is open in another tab, without loading the list again', async () => {
  const { server, room, listed, loads } = await openTabs();
  const before = loads();
  server.write('x', 'from bob');
  await server.pass(3_000);
  expect([listed()?.last_message?.content, listed()?.unread_count]).toEqual(['from bob', 1]);
  room.markRead();
  await server.pass(3_000);
  expect([listed()?.unread_count, loads()]).toEqual([0, before]);
});

test('shows the last of many messages, and changes no more than once in two seconds', async () => {
  const { server, tabs, listed } = await openTabs();
  let changes = 0;
  tabs[1].client.rooms.subscribe(() => (changes += 1));
  for (let index = 1; index <= 50; index += 1) {
    server.write('x', `message ${index}`);
    await server.pass(100);
  }
  await server.pass(3_000);
  expect(listed()?.last_message?.content).toBe('message 50');
  expect(changes).toBeLessThan(8);
});

test('is loaded again when the tab that has the room open is paused', async () => {
  const { server, browser, tabs, listed, loads } = await openTabs();
  const before = loads();
  // The second tab is to have the socket, so that it still receives the messages.
  tabs[0].client.disconnect();
  await server.pass(2_000);
  tabs[0].client.connect();
  await server.pass(3_000);
  const reconnected = loads();
  expect(reconnected).toBeGreaterThan(before);
  browser.pause(tabs[0]);
  server.write('x', 'unseen');
  await server.pass(10_000);
  expect([listed()?.last_message?.content, loads()]).toEqual(['unseen', reconnected + 1]);
});

test('is loaded again when the tab crashes that had the room open', async () => {
  const { server, browser, tabs, listed } = await openTabs();
  tabs[0].client.disconnect();
  await server.pass(2_000);
  tabs[0].client.connect();
  await server.pass(3_000);
  server.write('x', 'the last one');
  await server.pass(20);
  browser.kill(tabs[0]);
  await server.pass(5_000);
  expect([server.present, listed()?.last_message?.content]).toEqual([[], 'the last one']);
});
