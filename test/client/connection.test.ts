import { describe, expect, test } from 'vitest';
import { memoryTokenStore } from '../../client/src/index.ts';
import { createFakeSystem, FakeSocket, openRoom, problem, settle, tokensOf, welcome } from './fake-system.ts';
import { ann, ready, historyEnd, roomId, said } from './server-events.ts';

const contents = (room: { messages: readonly { content: string }[] }) =>
  room.messages.map(({ content }) => content);

describe('a connection', () => {
  test('opens a socket without a room, with a ticket as subprotocol, for events in batches', async () => {
    const system = createFakeSystem();
    await openRoom(system);
    expect(system.socket().protocols).toEqual(['chat.v1', 'ticket.t2']);
    expect(system.socket().url).toBe('ws://chat.test/ws/chat/?batch=1');
    expect(system.client.state).toBe('live');
  });

  test('asks for its ticket in the name of a room whose id is not known, and of none later', async () => {
    const system = createFakeSystem();
    await openRoom(system);
    system.socket().cut();
    await system.clock.advance(1_000);
    const tickets = system.bodies.filter((_, index) => system.requests[index] === 'POST /chat/ws-ticket/');
    expect(tickets).toEqual([{ room: 'general' }, {}]);
  });

  test('joins a room without `after` at first, and after the last known seq when it reconnects', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system, 3);
    const [first] = system.socket().ofType('join');
    expect(first).toMatchObject({ room: 'general', history: 50 });
    expect(first).not.toHaveProperty('after');
    system.socket().cut();
    expect(system.client.state).toBe('recovering');
    await system.clock.advance(1_000);
    system.socket().accept();
    expect(system.socket().ofType('join')).toEqual([expect.objectContaining({ room_id: roomId, after: 3 })]);
    system.socket().push([ready(4), said(4), historyEnd(4, { first_seq: 4 })]);
    expect(contents(room)).toEqual(['message 1', 'message 2', 'message 3', 'message 4']);
    expect(system.client.state).toBe('live');
  });

  test('halves the page size after each answer that broke off, and doubles it after complete answers', async () => {
    const system = createFakeSystem();
    await openRoom(system, 2);
    const limits: number[] = [];
    for (let time = 0; time < 5; time += 1) {
      const before = system.socket();
      before.cut();
      while (system.socket() === before) await system.clock.advance(100);
      system.socket().accept();
      limits.push(system.socket().ofType('join').at(-1)?.['history'] as number);
      // The void entry at 3 is never sent, so nothing after it counts before `history_end`.
      system.socket().push([ready(200), said(4)]);
      await settle();
    }
    expect(limits).toEqual([100, 50, 25, 12, 10]);
    const rest = Array.from({ length: 9 }, (_, index) => said(index + 5));
    system.socket().push([...rest, historyEnd(200, { first_seq: 3, has_more: true })]);
    await settle();
    expect(system.socket().ofType('history').at(-1)).toMatchObject({ after: 13, limit: 12 });
  });

  test('doubles the pause after each failure, up to half a minute', async () => {
    const system = createFakeSystem();
    await openRoom(system);
    system.answers.set('POST /chat/ws-ticket/', undefined);
    system.socket().cut();
    const attempts: number[] = [];
    let known = system.requests.length;
    for (let second = 0; second < 2_000; second += 1) {
      await system.clock.advance(100);
      if (system.requests.length > known) attempts.push(system.clock.now());
      known = system.requests.length;
    }
    const pauses = attempts.slice(1).map((at, index) => (at - (attempts[index] as number)) / 1_000);
    // Three quarters of 2, 4, 8 … seconds, since the random number is always one half here.
    expect(pauses.slice(0, 7)).toEqual(
      [1.5, 3, 6, 12, 22.5, 22.5, 22.5].map((pause) => expect.closeTo(pause, 0)),
    );
    expect(system.client.state).toBe('offline');
    expect(system.client.getSnapshot().problem?.code).toBe('unreachable');
    system.answers.delete('POST /chat/ws-ticket/');
    system.client.reconnectNow();
    await settle();
    system.socket().accept();
    welcome(system.socket(), 0);
    expect(system.client.state).toBe('live');
  });

  test('waits as long as the `Retry-After` of a refused ticket says', async () => {
    const system = createFakeSystem();
    await system.client.signIn('ann', 'secret');
    system.answers.set('POST /chat/ws-ticket/', () => problem(429, 'rate_limited', { 'retry-after': '40' }));
    system.client.connect();
    await settle();
    const { length } = system.requests;
    await system.clock.advance(39_000);
    expect(system.requests).toHaveLength(length);
    await system.clock.advance(2_000);
    expect(system.requests).toHaveLength(length + 1);
  });

  test('pings within each heartbeat interval, and ends a socket that does not answer', async () => {
    const system = createFakeSystem();
    await openRoom(system);
    await system.clock.advance(55_000);
    expect(system.socket().ofType('ping')).toHaveLength(1);
    system.socket().push({ type: 'pong', heads: { [roomId]: 0 }, server_time: '' });
    await system.clock.advance(55_000);
    expect(system.socket().ofType('ping')).toHaveLength(2);
    const silent = system.socket();
    await system.clock.advance(11_000);
    expect(silent.readyState).toBe(3);
    expect(FakeSocket.all).toHaveLength(2);
  });

  test('requests the history again when the server says that it cannot be resumed', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system, 2);
    system.socket().push({ type: 'close', code: 4200, reason: 'moved', reconnect: true, resume: false });
    system.socket().cut();
    await system.clock.advance(1_000);
    system.socket().accept();
    expect(system.socket().ofType('join')[0]).not.toHaveProperty('after');
    system.socket().push([ready(1), said(1, 'another story'), historyEnd(1)]);
    expect(contents(room)).toEqual(['another story']);
  });

  test('does not reconnect when the server forbids it', async () => {
    const system = createFakeSystem();
    await openRoom(system);
    system.socket().push({ type: 'close', code: 4003, reason: 'Not you', reconnect: false, resume: false });
    system.socket().cut();
    await system.clock.advance(120_000);
    expect(FakeSocket.all).toHaveLength(1);
    expect(system.client.getSnapshot()).toMatchObject({
      state: 'offline',
      problem: { detail: 'Not you. Sign in again, or connect again later.' },
    });
  });

  test('renews its token and reconnects when the server ends the socket because of the token', async () => {
    const system = createFakeSystem();
    await openRoom(system);
    system.socket().push({ type: 'close', code: 4001, reason: 'ended', reconnect: false, resume: true });
    system.socket().cut();
    await system.clock.advance(2_000);
    expect(system.requests).toContain('POST /users/token/refresh/');
    expect(FakeSocket.all).toHaveLength(2);
  });

  test('signs the user out when the server refuses to renew the token', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system);
    system.answers.set('POST /users/token/refresh/', () => problem(401, 'invalid_refresh_token'));
    system.socket().push({ type: 'close', code: 4001, reason: 'ended', reconnect: false, resume: true });
    system.socket().cut();
    await system.clock.advance(60_000);
    expect(system.client.state).toBe('signed-out');
    expect(room.getSnapshot()).toMatchObject({ status: 'closed', problem: { code: 'signed_out' } });
    expect(FakeSocket.all).toHaveLength(1);
  });

  test('sends a new token over the open socket before the old one ends', async () => {
    const system = createFakeSystem();
    await openRoom(system);
    for (let second = 0; second < 265; second += 5) {
      await system.clock.advance(5_000);
      system.socket().push({ type: 'pong', heads: { [roomId]: 0 }, server_time: '' });
    }
    expect(system.socket().ofType('auth')).toHaveLength(0);
    await system.clock.advance(6_000);
    expect(FakeSocket.all).toHaveLength(1);
    expect(system.socket().ofType('auth')).toHaveLength(1);
    expect(system.requests.filter((request) => request === 'POST /users/token/refresh/')).toHaveLength(1);
  });

  test('is in the state signed-out without tokens, and sends no request', async () => {
    const system = createFakeSystem();
    system.client.connect();
    await settle();
    expect(system.client.state).toBe('signed-out');
    expect(system.requests).toEqual([]);
  });

  test('finds the user whose tokens are in the store', async () => {
    const store = memoryTokenStore();
    const system = createFakeSystem({ tokens: store });
    await store.set({ ...tokensOf(ann, system.clock), received_at: system.clock.now() });
    expect(await system.client.findUser()).toEqual(ann);
  });

  test('returns the same snapshot as long as nothing changes', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system, 2);
    const [before, rooms] = [room.getSnapshot(), system.client.getSnapshot()];
    system.socket().push({ type: 'pong', heads: { [roomId]: 2 }, server_time: '' });
    expect(room.getSnapshot()).toBe(before);
    expect(system.client.getSnapshot()).toBe(rooms);
    system.socket().push(said(3));
    expect(room.getSnapshot()).not.toBe(before);
    expect(room.messages[0]).toBe(before.messages[0]);
  });
});
