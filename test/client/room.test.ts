import { describe, expect, test } from 'vitest';
import { createFakeSystem, openRoom, settle } from './fake-system.ts';
import { ann, bob, historyEnd, ready, roomId, said } from './server-events.ts';

describe('a room', () => {
  test('sends its user’s typing at most once in three seconds, and its end', async () => {
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

  test('shows another user’s typing until it expires, or the user sends a message or leaves', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system);
    const typing = {
      type: 'typing_indicator',
      user: 'bob',
      user_id: bob.id,
      room: 'general',
      room_id: roomId,
      is_typing: true,
    };
    system.socket().push(typing);
    expect(room.typing).toEqual([bob]);
    await system.clock.advance(9_000);
    expect(room.typing).toEqual([]);
    system.socket().push([typing, said(1)]);
    expect(room.typing).toEqual([]);
    system.socket().push([typing, { type: 'user_leave', user_id: bob.id, username: 'bob', room_id: roomId }]);
    expect(room.typing).toEqual([]);
  });

  test('that is refused is closed with the problem, marks its messages as failed, and does not keep the client from being live', async () => {
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

  test('is joined again when the history, but not a live event, says that the user was removed', async () => {
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
