/** The tabs of a user share one socket: each shows what it would show with a socket of its own. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Room } from '../../../client/src/index.ts';
import { FakeServer, start } from '../fake-server.ts';
import { FakeBrowser, type Tab } from './fake-browser.ts';

let server: FakeServer;
let browser: FakeBrowser;

beforeEach(() => {
  server = new FakeServer();
  browser = new FakeBrowser(server);
  server.room('x');
});

/** Opens connected tabs of one user, one after another. */
async function openTabs(count: number): Promise<Tab[]> {
  const tabs: Tab[] = [];
  for (let index = 0; index < count; index += 1) {
    const tab = browser.open();
    tabs.push(tab);
    if (index === 0) await start(tab);
    else tab.client.connect();
    await server.pass(1_500);
  }
  return tabs;
}

const texts = (room: Room): string[] => room.getSnapshot().messages.map(({ content }) => content);
const waiting = (room: Room): string[] =>
  room.getSnapshot().messages.flatMap(({ state, content }) => (state === 'sent' ? [] : [content]));

/** Opens the room in each tab, and waits until all are live. */
async function openRooms(tabs: readonly Tab[], name = 'x'): Promise<Room[]> {
  const rooms = tabs.map(({ client }) => client.room(name));
  await server.pass(2_000);
  return rooms;
}

const sent = (type: string) => server.received.filter((frame) => frame.type === type);

describe('the tabs of one user', () => {
  test('share one socket and one ticket, and each of them sends and receives', async () => {
    const tabs = await openTabs(3);
    const rooms = await openRooms(tabs);
    rooms.forEach((room, index) => room.send(`from tab ${index}`));
    await server.pass(3_000);
    expect(browser.liveSockets).toHaveLength(1);
    expect(tabs.map(({ client }) => client.state)).toEqual(['live', 'live', 'live']);
    expect(
      tabs.flatMap(({ requests }) => requests.filter((name) => name.includes('ws-ticket'))),
    ).toHaveLength(1);
    const all = server.texts('x');
    expect(all?.toSorted()).toEqual(['from tab 0', 'from tab 1', 'from tab 2']);
    for (const room of rooms) expect([texts(room), waiting(room)]).toEqual([all, []]);
    expect(sent('message')).toHaveLength(3);
  });

  test('welcome a late tab with the history and the users of a room, without joining it again', async () => {
    const tabs = await openTabs(2);
    const room = server.rooms[0]!;
    const [first] = await openRooms([tabs[0]!]);
    first?.send('before');
    await server.pass(1_000);
    const late = tabs[1]!.client.room(room.id);
    await server.pass(1_000);
    expect([late.status, texts(late), late.getSnapshot().users.map(({ username }) => username)]).toEqual([
      'live',
      ['before'],
      ['ann'],
    ]);
    expect(sent('join')).toHaveLength(1);
    first?.send('after');
    await server.pass(1_000);
    expect(texts(late)).toEqual(['before', 'after']);
  });

  test('leave a room once the last of them has closed it', async () => {
    const tabs = await openTabs(2);
    const rooms = await openRooms(tabs);
    rooms[0]?.close();
    await server.pass(10_000);
    expect([server.present, sent('leave')]).toEqual([['x'], []]);
    rooms[1]?.close();
    await server.pass(10_000);
    expect([server.present, sent('leave').length]).toEqual([[], 1]);
  });

  test('go on without the tab that had the socket, and miss nothing', async () => {
    const tabs = await openTabs(3);
    const rooms = await openRooms(tabs);
    rooms[1]?.send('one');
    await server.pass(1_000);
    browser.kill(tabs[0]!);
    rooms[1]?.send('two');
    server.rooms[0]?.texts.push({ content: 'from bob', user: 'bob', client_id: undefined });
    rooms[2]?.send('three');
    await server.pass(5_000);
    expect(browser.liveSockets).toHaveLength(1);
    expect(tabs.slice(1).map(({ client }) => client.state)).toEqual(['live', 'live']);
    const all = server.texts('x');
    expect(all?.toSorted()).toEqual(['from bob', 'one', 'three', 'two']);
    for (const room of rooms.slice(1)) expect([texts(room), waiting(room)]).toEqual([all, []]);
  });

  test('go on when the tab that had the socket disconnects', async () => {
    const tabs = await openTabs(2);
    const rooms = await openRooms(tabs);
    tabs[0]?.client.disconnect();
    rooms[1]?.send('alone');
    await server.pass(3_000);
    expect([browser.liveSockets.length, tabs[1]?.client.state, server.texts('x')]).toEqual([
      1,
      'live',
      ['alone'],
    ]);
  });

  test('take the socket away from a tab that the browser has paused', async () => {
    const tabs = await openTabs(3);
    const rooms = await openRooms(tabs);
    browser.pause(tabs[0]!);
    rooms[1]?.send('waits');
    await server.pass(60_000);
    expect([server.texts('x'), waiting(rooms[1]!), texts(rooms[2]!)]).toEqual([['waits'], [], ['waits']]);
    browser.resume(tabs[0]!);
    tabs[0]?.client.reconnectNow();
    await server.pass(90_000);
    expect([browser.liveSockets.length, texts(rooms[0]!), tabs[0]?.client.state]).toEqual([
      1,
      ['waits'],
      'live',
    ]);
  });

  test('forget a tab that is killed, and leave its rooms', async () => {
    const tabs = await openTabs(2);
    await openRooms([tabs[1]!]);
    expect(server.present).toEqual(['x']);
    browser.kill(tabs[1]!);
    await server.pass(2_000);
    expect([server.present, browser.liveSockets.length]).toEqual([[], 1]);
  });

  test('send a message of the common outbox once', async () => {
    const [first] = await openTabs(1);
    first?.client.disconnect();
    const room = first?.client.room('x');
    for (const line of ['one', 'two', 'three']) room?.send(line);
    const second = browser.open();
    for (const tab of [first!, second]) tab.client.connect();
    await server.pass(5_000);
    expect(server.texts('x')).toEqual(['one', 'two', 'three']);
    expect(sent('message').map(({ content }) => content)).toEqual(['one', 'two', 'three']);
    expect([waiting(room!), await second.client.unsent()]).toEqual([[], []]);
  });

  test('send one ping for all of them', async () => {
    const tabs = await openTabs(3);
    for (const { client } of tabs) client.reconnectNow();
    await server.pass(2_000);
    expect(sent('ping')).toHaveLength(1);
    await server.pass(10 * 60_000);
    // Each tab would send one in less than a minute.
    expect(sent('ping').length).toBeLessThan(18);
    expect(tabs.map(({ client }) => client.state)).toEqual(['live', 'live', 'live']);
  });

  test('send a renewed token once', async () => {
    await openTabs(3);
    await server.pass(290_000);
    expect(sent('auth')).toHaveLength(1);
  });
});

describe('a tab has a socket of its own', () => {
  test('with the option `shareConnection: false`', async () => {
    const tabs = [browser.open({ shareConnection: false }), browser.open({ shareConnection: false })];
    await start(tabs[0]!);
    tabs[1]?.client.connect();
    await server.pass(2_000);
    expect(browser.liveSockets).toHaveLength(2);
  });

  test('by default where there is no page', async () => {
    const tabs = [browser.open({ shareConnection: undefined }), browser.open({ shareConnection: undefined })];
    await start(tabs[0]!);
    tabs[1]?.client.connect();
    await server.pass(2_000);
    expect(browser.liveSockets).toHaveLength(2);
  });

  test('where the browser denies locks', async () => {
    browser.deniesLocks = true;
    const tabs = await openTabs(2);
    const rooms = await openRooms(tabs);
    rooms[0]?.send('hello');
    await server.pass(2_000);
    expect([browser.liveSockets.length, rooms.map(texts)]).toEqual([2, [['hello'], ['hello']]]);
  });

  test('when the shared one has no place for its rooms', async () => {
    const tabs = await openTabs(2);
    for (let index = 0; index < 45; index += 1) tabs[0]?.client.room(`a${index}`);
    await server.pass(5_000);
    const rooms = Array.from({ length: 10 }, (_, index) => tabs[1]!.client.room(`b${index}`));
    await server.pass(10_000);
    expect(browser.liveSockets).toHaveLength(2);
    expect(rooms.map(({ status }) => status)).toEqual(rooms.map(() => 'live'));
    expect(tabs.map(({ client }) => client.state)).toEqual(['live', 'live']);
  });

  test('when another user is signed in there', async () => {
    const tabs = await openTabs(1);
    const other = browser.open({ tokens: undefined });
    await start(other, 'bob');
    const rooms = await openRooms([tabs[0]!, other]);
    rooms[1]?.send('from bob');
    await server.pass(2_000);
    expect(browser.liveSockets).toHaveLength(2);
    expect(rooms.map(texts)).toEqual([['from bob'], ['from bob']]);
  });
});
