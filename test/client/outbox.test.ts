/** Unsent messages are sent, repeated, refused and kept. */
import { describe, expect, test } from 'vitest';
import { storageOutboxStore } from '../../client/src/index.ts';
import { fakeStorage } from './fake-storage.ts';
import { createFakeSystem, openRoom, settle, welcome } from './fake-system.ts';
import { ack, ann, historyEnd, ready, refusal, roomId, said } from './server-events.ts';

describe('the outbox', () => {
  test('repeats a message with the same client_id until it is acknowledged', async () => {
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

  test('sends an unacknowledged message again after a reconnect, unless it is in the history', async () => {
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

  test('survives a reload, and sends its messages even if no view of the room is opened', async () => {
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

  test('shows its messages in the room, whether that was opened by name or by id', async () => {
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
    // The outbox has the message under the room's name. The second `ready` tells that name and id mean one room.
    after.socket().push(ready(0));
    await settle();
    expect(room.messages).toEqual([
      expect.objectContaining({ content: 'written offline', state: 'sending' }),
    ]);
    expect(after.socket().ofType('message')).toHaveLength(1);
  });

  test('waits as long as the answer of a rate limit says', async () => {
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

  test('marks a refused message with the problem, and sends the next one', async () => {
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
