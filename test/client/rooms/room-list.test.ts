/** The live list of the user’s rooms, against a server that is the test. */
import { beforeEach, describe, expect, test } from 'vitest';
import { settle, welcome } from '../fake-system.ts';
import { ann, bob, roomId, said, type Frame } from '../server-events.ts';
import { activity, list, mine, otherId, ListFixture } from './list-fixture.ts';

let fixture: ListFixture;
beforeEach(() => {
  fixture = new ListFixture();
});

describe('the list of rooms', () => {
  test('requests nothing until something subscribes to it', async () => {
    await fixture.system.client.signIn('ann', 'secret');
    fixture.system.client.connect();
    await settle();
    fixture.system.socket().accept();
    await settle();
    expect([fixture.loads(), fixture.system.socket().ofType('inbox')]).toEqual([0, []]);
    expect(fixture.snapshot()).toMatchObject({ status: 'loading', rooms: [], unread: 0 });
  });

  test('is loaded once the server sends activity, with names to show and the unread messages of all rooms', async () => {
    await fixture.openList();
    expect(fixture.loads()).toBe(1);
    expect(fixture.snapshot()).toMatchObject({
      status: 'live',
      unread: 3,
      hasMore: false,
      problem: undefined,
    });
    expect(fixture.names()).toEqual(['general', 'bob']);
  });

  test('is the same object until something changes', async () => {
    await fixture.openList();
    const before = fixture.snapshot();
    await fixture.push(activity(roomId, 4, 9));
    expect(fixture.snapshot()).toBe(before);
  });

  test('moves a room with a new message to the top, and drops an event that is older than what is known', async () => {
    await fixture.openList();
    await fixture.push(activity(otherId, 1, 2));
    expect(fixture.names()).toEqual(['bob', 'general']);
    expect(fixture.snapshot().unread).toBe(4);
    await fixture.push(activity(roomId, 7, 3), activity(roomId, 6, 2));
    expect(fixture.names()).toEqual(['general', 'bob']);
    expect(fixture.snapshot().rooms[0]).toMatchObject({ unread_count: 3, last_message: { seq: 7 } });
  });

  test('takes an event with the same head, which a read on another device causes, and keeps its order', async () => {
    await fixture.openList();
    await fixture.push(activity(otherId, 1, 2), activity(roomId, 5, 0));
    expect(fixture.names()).toEqual(['bob', 'general']);
    expect(fixture.snapshot().rooms[1]).toMatchObject({ unread_count: 0 });
  });

  test('shows that messages were marked as unread, on any device', async () => {
    await fixture.openList();
    const marked = { type: 'message_unread', room_id: roomId, message_id: 'm1', unread_count: 4 };
    await fixture.push(marked, { ...marked, room_id: 'not listed' });
    expect(fixture.snapshot()).toMatchObject({ unread: 5 });
    expect(fixture.snapshot().rooms[0]).toMatchObject({ unread_count: 4, last_read_message_id: 'm1' });
    expect(fixture.loads()).toBe(1);
  });

  test('applies an event that arrives while the list is being loaded', async () => {
    let answer: ((response: Response) => void) | undefined;
    const answered = new Promise<Response>((resolve) => (answer = resolve));
    fixture.system.answers.set(list, () => answered);
    await fixture.openList();
    await fixture.push(activity(roomId, 6, 3));
    answer?.(Response.json(fixture.listed));
    await settle();
    expect(fixture.snapshot().rooms[0]).toMatchObject({ unread_count: 3, last_message: { seq: 6 } });
  });

  test('is loaded again for activity of a room that it does not show', async () => {
    await fixture.openList();
    const third = '11111111-1111-4111-8111-333333333333';
    fixture.listed = [mine(third, 'new', { unread_count: 1 }), ...fixture.listed];
    await fixture.push(activity(third, 1, 1), activity(third, 2, 2));
    await fixture.system.clock.advance(300);
    expect(fixture.loads()).toBe(2);
    expect(fixture.names()).toEqual(['new', 'general', 'bob']);
  });

  test('adds, renames and removes rooms as events tell', async () => {
    await fixture.openList();
    const third = '11111111-1111-4111-8111-333333333333';
    const member = { ...ann, role: 'member', joined_at: '', last_read_message_id: null };
    const { unread_count: _, last_read_message_id: __, last_message: ___, ...room } = mine(third, 'new');
    await fixture.push({ type: 'member_added', room_id: third, seq: 1, member, room });
    expect(fixture.names()).toEqual(['new', 'general', 'bob']);
    await fixture.push({
      type: 'room_updated',
      room_id: third,
      seq: 2,
      room: { ...room, room_name: 'newer' },
    });
    expect(fixture.names()).toEqual(['newer', 'general', 'bob']);
    await fixture.push({ type: 'member_removed', room_id: third, seq: 3, member: bob });
    expect(fixture.names()).toHaveLength(3);
    await fixture.push({ type: 'member_removed', room_id: third, seq: 4, member: ann });
    await fixture.push({ type: 'room_deleted', room_id: roomId, seq: 9, room });
    expect(fixture.names()).toEqual(['bob']);
  });

  test('shows at once what the user does over HTTP', async () => {
    await fixture.openList();
    const third = '11111111-1111-4111-8111-333333333333';
    const { unread_count: _, last_read_message_id: __, last_message: ___, ...room } = mine(third, 'made');
    fixture.system.answers.set('POST /chat/rooms/create/', () => Response.json(room, { status: 201 }));
    fixture.system.answers.set(
      `POST /chat/rooms/${roomId}/leave/`,
      () => new Response(null, { status: 204 }),
    );
    await fixture.system.client.http.createRoom({ room_name: 'made' });
    await fixture.system.client.http.leaveRoom({ room_id: roomId });
    expect(fixture.names()).toEqual(['made', 'bob']);
  });

  test('takes the unread count and the last message of an open room from that room', async () => {
    await fixture.openList();
    const room = fixture.system.client.room(roomId);
    await settle();
    welcome(fixture.system.socket(), 5);
    await settle();
    await fixture.push(said(6));
    expect(fixture.snapshot().rooms[0]).toMatchObject({
      unread_count: room.unread,
      last_message: { seq: 6 },
    });
    expect(room.unread).toBeGreaterThan(0);
    room.markRead();
    await settle();
    expect(fixture.snapshot().rooms[0]).toMatchObject({ unread_count: 0 });
    room.close();
    await settle();
    expect(fixture.snapshot().rooms[0]).toMatchObject({ unread_count: 0, last_message: { seq: 6 } });
  });

  describe('whose events overtake each other', () => {
    const third = '11111111-1111-4111-8111-333333333333';
    const { unread_count: _, last_read_message_id: __, last_message: ___, ...room } = mine(third, 'new');
    const added = (seq: number): Frame => ({
      type: 'member_added',
      room_id: third,
      seq,
      member: { ...ann, role: 'member', joined_at: '', last_read_message_id: null },
      room,
    });
    const removed = (seq: number): Frame => ({ type: 'member_removed', room_id: third, seq, member: ann });
    const renamed = (seq: number, room_name: string): Frame => ({
      type: 'room_updated',
      room_id: third,
      seq,
      room: { ...room, room_name },
    });

    test('shows the name of the later event', async () => {
      await fixture.openList();
      await fixture.push(added(1), renamed(3, 'newest'), renamed(2, 'newer'));
      expect(fixture.names()[0]).toBe('newest');
    });

    test('shows nothing of a room that the user lost, and loads no list for it', async () => {
      await fixture.openList();
      await fixture.push(added(1), removed(5), activity(third, 4, 2), added(1));
      await fixture.system.clock.advance(1_000);
      expect(fixture.names()).toEqual(['general', 'bob']);
      expect(fixture.loads()).toBe(1);
    });

    test('keeps a room to which the user was added again', async () => {
      await fixture.openList();
      await fixture.push(added(1), added(6), removed(5));
      expect(fixture.names()[0]).toBe('new');
    });

    test('applies what changed the list while it was being loaded', async () => {
      let answer: ((response: Response) => void) | undefined;
      const answered = new Promise<Response>((resolve) => (answer = resolve));
      fixture.system.answers.set(list, () => answered);
      await fixture.openList();
      const { type: _type, ...deletion } = renamed(9, 'gone');
      await fixture.push(added(1), renamed(2, 'newer'), {
        ...deletion,
        type: 'room_deleted',
        room_id: otherId,
      });
      answer?.(Response.json(fixture.listed));
      await settle();
      expect(fixture.names()).toEqual(['newer', 'general']);
    });
  });
});
