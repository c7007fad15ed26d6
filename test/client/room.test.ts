import { describe, expect, test } from 'vitest';
import { storageOutboxStore } from '../../client/index.ts';
import {
  ack,
  ann,
  bob,
  createFakeSystem,
  historyEnd,
  openRoom,
  ready,
  refusal,
  roomId,
  said,
  settle,
  welcome,
} from './fake-system.ts';
import { fakeStorage } from './fake-storage.ts';

const seqs = (room: { messages: readonly { seq: number | null }[] }) => room.messages.map(({ seq }) => seq);

const page = (from: number) => Array.from({ length: 100 }, (_, index) => said(from + index));

describe('what is missing', () => {
  test('is asked for by itself, less and less often while it stays missing, and no more once it is void', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system, 2);
    const { clock, socket } = system;
    socket().push(said(4));
    expect(seqs(room)).toEqual([1, 2, 4]);
    const askedAt: number[] = [];
    const start = clock.now();
    for (let tick = 0; tick < 120; tick += 1) {
      await clock.advance(50);
      if (socket().ofType('history').length === askedAt.length) continue;
      askedAt.push(clock.now() - start);
      socket().push([said(4), historyEnd(2, { first_seq: 3 })]);
    }
    expect(socket().ofType('history')[0]).toMatchObject({ after: 2, room_id: roomId });
    const pauses = askedAt.map((at, index) => at - (askedAt[index - 1] ?? 0));
    expect(pauses.length).toBeGreaterThan(3);
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
    await clock.advance(5_000);
    socket().push([said(4), historyEnd(4, { first_seq: 3 })]);
    const asked = socket().ofType('history').length;
    await clock.advance(40_000);
    expect(socket().ofType('history')).toHaveLength(asked);
    expect(seqs(room)).toEqual([1, 2, 4]);
  });

  test('is not asked for when it arrives a moment later', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system, 1);
    system.socket().push(said(3));
    system.socket().push(said(2));
    await system.clock.advance(10_000);
    expect(system.socket().ofType('history')).toEqual([]);
    expect(seqs(room)).toEqual([1, 2, 3]);
  });

  test('is found out by the heads of a pong', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system, 1);
    system.socket().push({ type: 'pong', heads: { [roomId]: 2 }, server_time: '' });
    await system.clock.advance(1_000);
    expect(system.socket().ofType('history')).toEqual([expect.objectContaining({ after: 1 })]);
    system.socket().push([said(2), historyEnd(2, { first_seq: 2 })]);
    expect(seqs(room)).toEqual([1, 2]);
  });

  test('is fetched page after page when there was much of it', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system, 1);
    system.socket().cut();
    await system.clock.advance(1_000);
    system.socket().accept();
    system.socket().push([ready(152), ...page(2), historyEnd(152, { first_seq: 2, has_more: true })]);
    expect(system.socket().ofType('history')).toEqual([expect.objectContaining({ after: 101 })]);
    system.socket().push([...page(102).slice(0, 51), historyEnd(152, { first_seq: 102 })]);
    expect(seqs(room)).toEqual(Array.from({ length: 152 }, (_, index) => index + 1));
  });

  test('starts with the newest page when the server cannot resume', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system, 5);
    system.socket().cut();
    await system.clock.advance(1_000);
    system.socket().accept();
    system.socket().push([ready(2), historyEnd(2, { recovered: false, gap: { from: 3, to: 5 } })]);
    const [question] = system.socket().ofType('history');
    expect(question).not.toHaveProperty('after');
    system.socket().push([said(1), said(2), historyEnd(2)]);
    expect(seqs(room)).toEqual([1, 2]);
  });

  test('makes the client give the socket up when no answer comes', async () => {
    const system = createFakeSystem();
    await openRoom(system, 1);
    const first = system.socket();
    first.push(said(3));
    await system.clock.advance(25_000);
    expect(first.readyState).toBe(3);
    expect(system.socket()).not.toBe(first);
  });

  test('includes a room that the server does not hold to be open: it is opened again', async () => {
    const system = createFakeSystem();
    await openRoom(system, 1);
    system.socket().push({ type: 'pong', heads: {}, server_time: '' });
    expect(system.socket().ofType('join')).toHaveLength(2);
  });
});

describe('the outbox', () => {
  test('repeats a message with its client_id until it is acknowledged', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system);
    const key = room.send('hi');
    expect(room.messages).toEqual([
      expect.objectContaining({ key, content: 'hi', state: 'sending', seq: null }),
    ]);
    await system.clock.advance(8_500);
    system.socket().push({ type: 'pong', heads: { [roomId]: 0 }, server_time: '' });
    const [first, second] = system.socket().ofType('message');
    expect(second).toMatchObject({ content: 'hi', client_id: first?.['client_id'], room_id: roomId });
    system.socket().push(ack(second, 1));
    system
      .socket()
      .push(said(1, 'hi', { sender_id: ann.id, sender_username: 'ann', client_id: second?.['client_id'] }));
    expect(room.messages).toEqual([expect.objectContaining({ key, content: 'hi', state: 'sent', seq: 1 })]);
    await system.clock.advance(30_000);
    expect(system.socket().ofType('message')).toHaveLength(2);
  });

  test('sends one message at a time, in the order in which they were written', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system);
    for (const text of ['one', 'two', 'three']) room.send(text);
    expect(
      system
        .socket()
        .ofType('message')
        .map(({ content }) => content),
    ).toEqual(['one']);
    system.socket().push(ack(system.socket().ofType('message')[0], 1));
    expect(
      system
        .socket()
        .ofType('message')
        .map(({ content }) => content),
    ).toEqual(['one', 'two']);
    expect(room.messages.map(({ state }) => state)).toEqual(['sent', 'sending', 'sending']);
  });

  test('sends what was under way again after a reconnect, unless the history has it', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system);
    room.send('stored, but the ack was lost');
    room.send('never stored');
    const [first] = system.socket().ofType('message');
    system.socket().cut();
    await system.clock.advance(1_000);
    system.socket().accept();
    expect(system.socket().ofType('message')).toEqual([]);
    const stored = said(1, 'stored, but the ack was lost', {
      sender_id: ann.id,
      client_id: first?.['client_id'],
    });
    system.socket().push([ready(1), stored, historyEnd(1)]);
    expect(
      system
        .socket()
        .ofType('message')
        .map(({ content }) => content),
    ).toEqual(['never stored']);
    expect(room.messages.map(({ state }) => state)).toEqual(['sent', 'sending']);
  });

  test('outlives a reload, and what is in it is sent even if emptyPresence opens the room', async () => {
    const storage = fakeStorage();
    const before = createFakeSystem({ outbox: storageOutboxStore(storage) });
    await openRoom(before);
    before.client.disconnect();
    before.client.room('general').send('written offline');
    const after = createFakeSystem({ outbox: storageOutboxStore(storage) });
    await after.client.signIn('ann', 'secret');
    after.client.connect();
    await settle();
    after.socket().accept();
    welcome(after.socket(), 0);
    await settle();
    expect(after.socket().ofType('message')).toEqual([
      expect.objectContaining({ content: 'written offline' }),
    ]);
    after.socket().push(ack(after.socket().ofType('message')[0], 1));
    expect(storage.length).toBe(0);
  });

  test('goes with the room, whether that was opened by its name or by its id', async () => {
    const storage = fakeStorage();
    const before = createFakeSystem({ outbox: storageOutboxStore(storage) });
    await openRoom(before);
    before.client.disconnect();
    before.client.room('general').send('written offline');
    const after = createFakeSystem({ outbox: storageOutboxStore(storage) });
    const room = after.client.room(roomId);
    after.client.connect();
    await after.client.signIn('ann', 'secret');
    await settle();
    after.socket().accept();
    welcome(after.socket(), 0);
    await settle();
    // The outbox knows it by its name only: the server says that the two are one.
    after.socket().push(ready(0));
    await settle();
    expect(room.messages).toEqual([
      expect.objectContaining({ content: 'written offline', state: 'sending' }),
    ]);
    expect(after.socket().ofType('message')).toHaveLength(1);
  });

  test('waits as long as a rate limit says', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system);
    room.send('hi');
    const [first] = system.socket().ofType('message');
    system.socket().push(refusal(first, 4029, 'rate_limited', { retryable: true, retry_after_ms: 6_000 }));
    await system.clock.advance(5_900);
    expect(system.socket().ofType('message')).toHaveLength(1);
    await system.clock.advance(200);
    expect(system.socket().ofType('message')).toHaveLength(2);
  });

  test('marks a message that is refused for good with the reason, and goes on with the next', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system);
    room.send('refused');
    room.send('next');
    system.socket().push(refusal(system.socket().ofType('message')[0], 4003, 'forbidden'));
    expect(room.messages).toEqual([
      expect.objectContaining({
        content: 'refused',
        state: 'failed',
        problem: expect.objectContaining({ code: 'forbidden' }),
      }),
      expect.objectContaining({ content: 'next', state: 'sending' }),
    ]);
    expect(
      system
        .socket()
        .ofType('message')
        .map(({ content }) => content),
    ).toEqual(['refused', 'next']);
    system.socket().push(ack(system.socket().ofType('message')[1], 1));
    const failed = room.messages.find(({ state }) => state === 'failed')?.client_id as string;
    room.retry(failed);
    expect(system.socket().ofType('message').at(-1)).toMatchObject({ content: 'refused', client_id: failed });
    room.discard(failed);
    expect(room.messages.map(({ content }) => content)).toEqual(['next']);
  });

  test('refuses content that the server would refuse, and keeps none of it', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system);
    for (const content of ['', '  ', 'x'.repeat(4_001), '\ud800', 'bell\u0007', '\u200b\u2060']) {
      expect(() => room.send(content)).toThrow(expect.objectContaining({ name: 'ChatProblem' }));
    }
    expect(await system.client.unsent()).toEqual([]);
    expect(() => room.send('x'.repeat(4_000))).not.toThrow();
  });
});

describe('a room', () => {
  test('tells of typing at most once in three seconds, and when it has stopped', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system);
    for (let key = 0; key < 20; key += 1) {
      room.setTyping();
      await system.clock.advance(250);
    }
    expect(
      system
        .socket()
        .ofType('typing')
        .map(({ is_typing }) => is_typing),
    ).toEqual([true, true]);
    await system.clock.advance(4_000);
    expect(
      system
        .socket()
        .ofType('typing')
        .map(({ is_typing }) => is_typing),
    ).toEqual([true, true, false]);
  });

  test('forgets who types when they fall silent, send, or leave', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system);
    const types = {
      type: 'typing_indicator',
      user: 'bob',
      user_id: bob.id,
      room: 'general',
      room_id: roomId,
      is_typing: true,
    };
    system.socket().push(types);
    expect(room.typing).toEqual([bob]);
    await system.clock.advance(9_000);
    expect(room.typing).toEqual([]);
    system.socket().push([types, said(1)]);
    expect(room.typing).toEqual([]);
    system.socket().push([types, { type: 'user_leave', user_id: bob.id, username: 'bob', room_id: roomId }]);
    expect(room.typing).toEqual([]);
  });

  test('that is refused says why, keeps emptyPresence waiting, and marks what was to be sent there', async () => {
    const system = createFakeSystem();
    await system.client.signIn('ann', 'secret');
    const room = system.client.room('secret-plans');
    room.send('hello?');
    system.answers.set('POST /chat/ws-ticket/', () => {
      system.answers.delete('POST /chat/ws-ticket/');
      return problemOf403();
    });
    system.client.connect();
    await settle();
    system.socket().accept();
    expect(room.getSnapshot()).toMatchObject({
      status: 'closed',
      problem: { status: 403, code: 'forbidden' },
    });
    expect(room.messages).toEqual([expect.objectContaining({ state: 'failed' })]);
    expect(system.client.state).toBe('live');
  });

  test('is opened again when the server took the user out in an old part of the history', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system, 1);
    system.socket().cut();
    await system.clock.advance(1_000);
    system.socket().accept();
    const removed = { type: 'member_removed', room_id: roomId, seq: 2, member: ann };
    const back = { type: 'member_added', room_id: roomId, seq: 3, member: { ...ann, role: 'member' } };
    system.socket().push([ready(3), removed, back, historyEnd(3, { first_seq: 2 })]);
    expect(system.socket().ofType('join')).toHaveLength(2);
    system.socket().push([ready(3), historyEnd(3, { first_seq: null })]);
    expect(room.getSnapshot().status).toBe('live');
    system.socket().push({ ...removed, seq: 4 });
    expect(room.getSnapshot()).toMatchObject({ status: 'closed', problem: { code: 'removed' } });
  });
});

function problemOf403(): Response {
  return Response.json({ code: 'forbidden', detail: 'Members only' }, { status: 403 });
}
