/** Views of rooms in user interfaces that mount and unmount, and what the views show. */
import { beforeEach, describe, expect, test } from 'vitest';
import { PagedList } from '../../client/src/index.ts';
import { FakeServer, start } from './fake-server.ts';
import { createFakeSystem, openRoom, settle, type FakeSystem } from './fake-system.ts';
import { ann, bob, historyEnd, ready, roomId, said } from './server-events.ts';

let server: FakeServer;
let system: FakeSystem;

beforeEach(async () => {
  server = new FakeServer();
  system = server.client();
  server.room('x');
  await start(system);
  await server.pass(1_000);
});

describe('a view', () => {
  test.each<[string, string[]]>([
    ['close, then unsubscribe', ['close', 'unsubscribe', 'subscribe']],
    ['unsubscribe, then close', ['unsubscribe', 'close', 'subscribe']],
    ['close alone', ['close', 'subscribe']],
    ['twice', ['unsubscribe', 'close', 'subscribe', 'close', 'unsubscribe', 'subscribe']],
  ])('is live after a double mount (%s), and is left when it is closed', async (_, steps) => {
    for (const pauseMs of [0, 150, 1_050, 2_000]) {
      const room = system.client.room('x');
      let calls = 0;
      let stop = room.subscribe(() => (calls += 1));
      for (const step of steps) {
        await server.pass(pauseMs);
        if (step === 'close') room.close();
        else if (step === 'unsubscribe') stop();
        else stop = room.subscribe(() => (calls += 1));
      }
      await server.pass(2_000);
      expect(room.status).toBe('live');
      const before = calls;
      room.send(`after ${pauseMs}`);
      await server.pass(1_000);
      expect(calls).toBeGreaterThan(before);
      expect(room.messages.at(-1)).toMatchObject({ content: `after ${pauseMs}`, state: 'sent' });
      stop();
      room.close();
      await server.pass(2_000);
      expect(server.present).toEqual([]);
    }
  });

  test('is live after connect, disconnect and connect in the same tick', async () => {
    const room = system.client.room('x');
    await server.pass(1_000);
    system.client.disconnect();
    system.client.connect();
    system.client.disconnect();
    system.client.connect();
    await server.pass(2_000);
    expect([room.status, system.client.state]).toEqual(['live', 'live']);
  });

  test('that was opened again by subscribing is closed with its last listener', async () => {
    const room = system.client.room('x');
    room.close();
    const stop = room.subscribe(() => {});
    await server.pass(1_000);
    expect(room.status).toBe('live');
    stop();
    await server.pass(2_000);
    expect(server.present).toEqual([]);
  });
});

describe('the unread count', () => {
  async function openWith(myRoom: object, messages: number) {
    const fake = createFakeSystem();
    fake.answers.set('GET /chat/rooms/mine/', () => Response.json([{ room_id: roomId, ...myRoom }]));
    const room = await openRoom(fake, messages);
    await settle();
    return { fake, room };
  }
  const deleted = (seq: number, of: number) => ({
    type: 'message_deleted',
    message_id: `m${of}`,
    room_id: roomId,
    seq,
  });

  test('adds new messages of others to the server’s count, and leaves out own and deleted ones', async () => {
    const { fake, room } = await openWith(
      { last_read_message_id: 'm1', unread_count: 3, last_message: { seq: 4 } },
      4,
    );
    expect(room.unread).toBe(3);
    fake.socket().push(said(5, 'mine', { sender_id: ann.id }));
    fake.socket().push(said(6));
    expect(room.unread).toBe(4);
    fake.socket().push(deleted(7, 6));
    fake.socket().push(deleted(8, 3));
    expect(room.unread).toBe(2);
  });

  test('drops by a deleted message that was counted, even if only the newest page is known', async () => {
    const { fake, room } = await openWith(
      { last_read_message_id: 'far away', unread_count: 200, last_message: { seq: 300 } },
      0,
    );
    fake.socket().cut();
    await fake.clock.advance(1_000);
    fake.socket().accept();
    fake
      .socket()
      .push([ready(300), said(299), said(300), historyEnd(300, { first_seq: 299, has_more: true })]);
    await settle();
    expect(room.unread).toBe(200);
    fake.socket().push([deleted(301, 299), said(302)]);
    expect(room.unread).toBe(200);
    fake.socket().push(deleted(303, 302));
    expect(room.unread).toBe(199);
  });
});

test('a typing indicator ends after the `expires_in_ms` of the server', async () => {
  const fake = createFakeSystem();
  const room = await openRoom(fake);
  const types = { type: 'typing_indicator', user: 'bob', user_id: bob.id, room: 'general', room_id: roomId };
  fake.socket().push({ ...types, is_typing: true, expires_in_ms: 2_000 });
  await fake.clock.advance(1_900);
  expect(room.typing).toEqual([bob]);
  await fake.clock.advance(200);
  expect(room.typing).toEqual([]);
});

describe('a history page without messages', () => {
  test('is followed by requests for older pages until there is a message to show', async () => {
    const fake = createFakeSystem();
    const room = await openRoom(fake);
    fake.socket().cut();
    await fake.clock.advance(1_000);
    fake.socket().accept();
    fake.socket().push([ready(9_000), historyEnd(0, { recovered: false, gap: { from: 1, to: 2 } })]);
    fake.socket().push(historyEnd(9_000, { first_seq: 8_000, has_more: true }));
    expect(fake.socket().ofType('history').at(-1)).toMatchObject({ before: 8_000 });
    fake.socket().push(historyEnd(9_000, { first_seq: 7_000, has_more: true }));
    expect(fake.socket().ofType('history').at(-1)).toMatchObject({ before: 7_000 });
    fake.socket().push([said(6_999), historyEnd(9_000, { first_seq: 6_999, has_more: true })]);
    const asked = fake.socket().ofType('history').length;
    expect(room.messages).toHaveLength(1);
    const older = room.loadOlder();
    fake.socket().push(historyEnd(9_000, { first_seq: 6_000, has_more: true }));
    expect(fake.socket().ofType('history')).toHaveLength(asked + 2);
    fake.socket().push([said(5_999), historyEnd(9_000, { first_seq: 1, has_more: false })]);
    await older;
    expect(room.messages).toHaveLength(2);
    expect(room.getSnapshot().hasOlder).toBe(false);
  });

  test('is skipped by firstPage over HTTP', async () => {
    const pages = [[], [], [1]];
    const list = new PagedList(async () => {
      const items = pages.shift() ?? [];
      return { items, next: pages.length > 0 ? { cursor: 'c' } : undefined };
    });
    expect(await list.firstPage()).toEqual([1]);
  });
});
