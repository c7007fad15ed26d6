/** The live list of the user's rooms, against a server that is the test. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { RoomListSnapshot } from '../../../client/src/index.ts';
import { createFakeSystem, problem, settle, welcome, type FakeSystem } from '../fake-system.ts';
import { ann, bob, refusal, roomId, said, type Frame } from '../server-events.ts';

const otherId = '11111111-1111-4111-8111-222222222222';
const list = 'GET /chat/rooms/mine/';

const message = (room_id: string, seq: number, content = `message ${seq}`) => ({
  message_id: `m${seq}`,
  room_id,
  seq,
  sender_id: bob.id,
  sender_username: 'bob',
  content,
  timestamp: '2027-01-15T08:00:00.000Z',
  edited_at: null,
  is_deleted: false,
});

const mine = (room_id: string, room_name: string, more: object = {}) => ({
  room_id,
  room_name,
  created_at: '2027-01-15T08:00:00.000Z',
  creator_id: ann.id,
  creator_username: 'ann',
  description: '',
  is_private: true,
  is_direct: false,
  message_count: 0,
  member_count: 2,
  unread_count: 0,
  last_read_message_id: null,
  last_message: null,
  ...more,
});

const activity = (room_id: string, head: number, unread_count: number): Frame => ({
  type: 'room_activity',
  room_id,
  head,
  unread_count,
  last_message: message(room_id, head),
});

let system: FakeSystem;
let listed: object[];

beforeEach(() => {
  system = createFakeSystem();
  listed = [
    mine(roomId, 'general', { unread_count: 2, last_message: message(roomId, 5) }),
    mine(otherId, 'dm_x', { is_direct: true, peer: { ...bob, profile_picture: null }, unread_count: 1 }),
  ];
  system.answers.set(list, () => Response.json(listed));
});

const loads = (): number => system.requests.filter((request) => request === list).length;
const snapshot = (): RoomListSnapshot => system.client.rooms.getSnapshot();
const names = (): string[] => snapshot().rooms.map(({ display_name }) => display_name);

async function push(...events: Frame[]): Promise<void> {
  system.socket().push(events);
  await settle();
}

/** Answers the last `inbox` command as the server does. */
async function acceptInbox(): Promise<void> {
  const ref = system.socket().ofType('inbox').at(-1)?.['ref'];
  await push({
    type: 'ready',
    user: ann,
    room_id: null,
    room: null,
    head: null,
    heartbeat_seconds: 60,
    server_time: '',
    inbox: true,
    ref,
  });
}

/** Lets minutes pass on a socket whose pings are answered. */
async function passAlive(minutes: number): Promise<void> {
  for (let passed = 0; passed < minutes * 60_000; passed += 5_000) {
    await system.clock.advance(5_000);
    await push({ type: 'pong', heads: {}, server_time: '' });
  }
}

/** Connects as ann, subscribes to the list, and lets the server answer. */
async function openList(): Promise<() => void> {
  await system.client.signIn('ann', 'secret');
  system.client.connect();
  await settle();
  system.socket().accept();
  const stop = system.client.rooms.subscribe(() => undefined);
  await settle();
  await acceptInbox();
  return stop;
}

describe('the list of rooms', () => {
  test('requests nothing until something subscribes to it', async () => {
    await system.client.signIn('ann', 'secret');
    system.client.connect();
    await settle();
    system.socket().accept();
    await settle();
    expect([loads(), system.socket().ofType('inbox')]).toEqual([0, []]);
    expect(snapshot()).toMatchObject({ status: 'loading', rooms: [], unread: 0 });
  });

  test('is loaded once the server sends activity, with names to show and the unread messages of all rooms', async () => {
    await openList();
    expect(loads()).toBe(1);
    expect(snapshot()).toMatchObject({ status: 'live', unread: 3, hasMore: false, problem: undefined });
    expect(names()).toEqual(['general', 'bob']);
  });

  test('is the same object until something changes', async () => {
    await openList();
    const before = snapshot();
    await push(activity(roomId, 4, 9));
    expect(snapshot()).toBe(before);
  });

  test('moves a room with a new message to the top, and drops an event that is older than what is known', async () => {
    await openList();
    await push(activity(otherId, 1, 2));
    expect(names()).toEqual(['bob', 'general']);
    expect(snapshot().unread).toBe(4);
    await push(activity(roomId, 7, 3), activity(roomId, 6, 2));
    expect(names()).toEqual(['general', 'bob']);
    expect(snapshot().rooms[0]).toMatchObject({ unread_count: 3, last_message: { seq: 7 } });
  });

  test('takes an event with the same head, which a read on another device causes, and keeps its order', async () => {
    await openList();
    await push(activity(otherId, 1, 2), activity(roomId, 5, 0));
    expect(names()).toEqual(['bob', 'general']);
    expect(snapshot().rooms[1]).toMatchObject({ unread_count: 0 });
  });

  test('applies an event that arrives while the list is being loaded', async () => {
    let answer: ((response: Response) => void) | undefined;
    const answered = new Promise<Response>((resolve) => (answer = resolve));
    system.answers.set(list, () => answered);
    await openList();
    await push(activity(roomId, 6, 3));
    answer?.(Response.json(listed));
    await settle();
    expect(snapshot().rooms[0]).toMatchObject({ unread_count: 3, last_message: { seq: 6 } });
  });

  test('is loaded again for activity of a room that it does not show', async () => {
    await openList();
    const third = '11111111-1111-4111-8111-333333333333';
    listed = [mine(third, 'new', { unread_count: 1 }), ...listed];
    await push(activity(third, 1, 1), activity(third, 2, 2));
    await system.clock.advance(300);
    expect(loads()).toBe(2);
    expect(names()).toEqual(['new', 'general', 'bob']);
  });

  test('adds, renames and removes rooms as events tell', async () => {
    await openList();
    const third = '11111111-1111-4111-8111-333333333333';
    const member = { ...ann, role: 'member', joined_at: '', last_read_message_id: null };
    const { unread_count: _, last_read_message_id: __, last_message: ___, ...room } = mine(third, 'new');
    await push({ type: 'member_added', room_id: third, seq: 1, member, room });
    expect(names()).toEqual(['new', 'general', 'bob']);
    await push({ type: 'room_updated', room_id: third, seq: 2, room: { ...room, room_name: 'newer' } });
    expect(names()).toEqual(['newer', 'general', 'bob']);
    await push({ type: 'member_removed', room_id: third, seq: 3, member: bob });
    expect(names()).toHaveLength(3);
    await push({ type: 'member_removed', room_id: third, seq: 4, member: ann });
    await push({ type: 'room_deleted', room_id: roomId, seq: 9, room });
    expect(names()).toEqual(['bob']);
  });

  test('shows at once what the user does over HTTP', async () => {
    await openList();
    const third = '11111111-1111-4111-8111-333333333333';
    const { unread_count: _, last_read_message_id: __, last_message: ___, ...room } = mine(third, 'made');
    system.answers.set('POST /chat/rooms/create/', () => Response.json(room, { status: 201 }));
    system.answers.set(`POST /chat/rooms/${roomId}/leave/`, () => new Response(null, { status: 204 }));
    await system.client.http.createRoom({ room_name: 'made' });
    await system.client.http.leaveRoom({ room_id: roomId });
    expect(names()).toEqual(['made', 'bob']);
  });

  test('takes the unread count and the last message of an open room from that room', async () => {
    await openList();
    const room = system.client.room(roomId);
    await settle();
    welcome(system.socket(), 5);
    await settle();
    await push(said(6));
    expect(snapshot().rooms[0]).toMatchObject({ unread_count: room.unread, last_message: { seq: 6 } });
    expect(room.unread).toBeGreaterThan(0);
    room.markRead();
    await settle();
    expect(snapshot().rooms[0]).toMatchObject({ unread_count: 0 });
    room.close();
    await settle();
    expect(snapshot().rooms[0]).toMatchObject({ unread_count: 0, last_message: { seq: 6 } });
  });

  test('is stale without a connection, and is loaded again once the server sends activity on the next socket', async () => {
    await openList();
    const first = system.socket();
    first.cut();
    await settle();
    expect(snapshot().status).toBe('stale');
    await system.clock.advance(2_000);
    expect(system.socket()).not.toBe(first);
    system.socket().accept();
    await settle();
    listed = [mine(roomId, 'general', { unread_count: 8, last_message: message(roomId, 11) })];
    await acceptInbox();
    expect(snapshot()).toMatchObject({ status: 'live', unread: 8 });
    expect(loads()).toBe(2);
  });

  test('asks a server that does not know the command again every minute', async () => {
    await system.client.signIn('ann', 'secret');
    system.client.connect();
    await settle();
    system.socket().accept();
    system.client.rooms.subscribe(() => undefined);
    await push(refusal(system.socket().ofType('inbox').at(-1), 4005, 'invalid_frame'));
    expect(snapshot()).toMatchObject({ status: 'live', unread: 3 });
    expect(loads()).toBe(1);
    await system.clock.advance(61_000);
    expect(loads()).toBe(2);
  });

  test('is loaded when the answer to the command is lost, and again when it comes late', async () => {
    await system.client.signIn('ann', 'secret');
    system.client.connect();
    await settle();
    system.socket().accept();
    system.client.rooms.subscribe(() => undefined);
    await system.clock.advance(10_000);
    expect([loads(), snapshot().status]).toEqual([1, 'live']);
    await acceptInbox();
    expect(loads()).toBe(2);
  });

  test('asks for large rooms that are not open again every five minutes, and for others never', async () => {
    await openList();
    await passAlive(11);
    expect(loads()).toBe(1);
    listed = [mine(roomId, 'crowd', { member_count: 101 })];
    await system.client.rooms.refresh();
    await passAlive(5);
    expect(loads()).toBe(3);
  });

  test('shows the problem when it cannot be loaded, and tries again', async () => {
    system.answers.set(list, () => problem(503, 'try_again'));
    await openList();
    expect(snapshot()).toMatchObject({ status: 'loading', problem: { code: 'try_again' } });
    system.answers.set(list, () => Response.json(listed));
    await system.clock.advance(2_000);
    expect(snapshot()).toMatchObject({ status: 'live', unread: 3, problem: undefined });
  });

  test('shows nothing of a user who has signed out, and is loaded for the next one', async () => {
    await openList();
    await system.client.signOut();
    expect(snapshot()).toMatchObject({ status: 'loading', rooms: [], unread: 0 });
    await system.client.signIn('bob', 'secret');
    await settle();
    expect(snapshot().rooms).toHaveLength(2);
  });

  test('follows nothing any more a second after the last listener is gone', async () => {
    const stop = await openList();
    stop();
    const again = system.client.rooms.subscribe(() => undefined);
    await system.clock.advance(2_000);
    expect(loads()).toBe(1);
    again();
    await system.clock.advance(2_000);
    const before = snapshot();
    expect(before.status).toBe('stale');
    await push(activity(roomId, 9, 9));
    expect(snapshot()).toBe(before);
  });
});
