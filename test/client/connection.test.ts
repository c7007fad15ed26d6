import { describe, expect, test } from 'vitest';
import { memoryTokenStore } from '../../client/index.ts';
import {
  ann,
  createWorld,
  FakeSocket,
  openRoom,
  problem,
  ready,
  historyEnd,
  roomId,
  said,
  settle,
  tokensOf,
  welcome,
} from './fake-world.ts';

const contents = (room: { messages: readonly { content: string }[] }) =>
  room.messages.map(({ content }) => content);

describe('a connection', () => {
  test('opens with a ticket as subprotocol, without a room, in batches', async () => {
    const world = createWorld();
    await openRoom(world);
    expect(world.socket().protocols).toEqual(['chat.v1', 'ticket.t2']);
    expect(world.socket().url).toBe('ws://chat.test/ws/chat/?batch=1');
    expect(world.client.state).toBe('live');
  });

  test('joins anew first, and after the last seq when it comes back', async () => {
    const world = createWorld();
    const room = await openRoom(world, 3);
    const [first] = world.socket().ofType('join');
    expect(first).toMatchObject({ room: 'general', history: 50 });
    expect(first).not.toHaveProperty('after');
    world.socket().cut();
    expect(world.client.state).toBe('recovering');
    await world.clock.advance(1_000);
    world.socket().accept();
    expect(world.socket().ofType('join')).toEqual([expect.objectContaining({ room_id: roomId, after: 3 })]);
    world.socket().push([ready(4), said(4), historyEnd(4, { first_seq: 4 })]);
    expect(contents(room)).toEqual(['message 1', 'message 2', 'message 3', 'message 4']);
    expect(world.client.state).toBe('live');
  });

  test('asks for less each time that an answer broke off, and for more again once answers come to their end', async () => {
    const world = createWorld();
    await openRoom(world, 2);
    const limits: number[] = [];
    for (let time = 0; time < 5; time += 1) {
      const before = world.socket();
      before.cut();
      while (world.socket() === before) await world.clock.advance(100);
      world.socket().accept();
      limits.push(world.socket().ofType('join').at(-1)?.['history'] as number);
      // A tombstone at 3 is never sent, so what comes behind it says nothing until the end does.
      world.socket().push([ready(200), said(4)]);
      await settle();
    }
    expect(limits).toEqual([100, 50, 25, 12, 10]);
    const rest = Array.from({ length: 9 }, (_, at) => said(at + 5));
    world.socket().push([...rest, historyEnd(200, { first_seq: 3, has_more: true })]);
    await settle();
    expect(world.socket().ofType('history').at(-1)).toMatchObject({ after: 13, limit: 12 });
  });

  test('waits twice as long after each failure, up to half a minute', async () => {
    const world = createWorld();
    await openRoom(world);
    world.answers.set('POST /chat/ws-ticket/', undefined);
    world.socket().cut();
    const attempts: number[] = [];
    let known = world.requests.length;
    for (let second = 0; second < 2_000; second += 1) {
      await world.clock.advance(100);
      if (world.requests.length > known) attempts.push(world.clock.now());
      known = world.requests.length;
    }
    const pauses = attempts.slice(1).map((at, index) => (at - (attempts[index] as number)) / 1_000);
    // Three quarters of 1, 2, 4 … seconds, since chance is one half here.
    expect(pauses.slice(0, 7)).toEqual(
      [1.5, 3, 6, 12, 22.5, 22.5, 22.5].map((pause) => expect.closeTo(pause, 0)),
    );
    expect(world.client.state).toBe('offline');
    expect(world.client.getSnapshot().problem?.code).toBe('unreachable');
    world.answers.delete('POST /chat/ws-ticket/');
    world.client.reconnectNow();
    await settle();
    world.socket().accept();
    welcome(world.socket(), 0);
    expect(world.client.state).toBe('live');
  });

  test('honours how long a ticket’s refusal asks it to wait', async () => {
    const world = createWorld();
    await world.client.signIn('ann', 'secret');
    world.answers.set('POST /chat/ws-ticket/', () => problem(429, 'rate_limited', { 'retry-after': '40' }));
    world.client.connect();
    await settle();
    const { length } = world.requests;
    await world.clock.advance(39_000);
    expect(world.requests).toHaveLength(length);
    await world.clock.advance(2_000);
    expect(world.requests).toHaveLength(length + 1);
  });

  test('pings before each heartbeat ends, and gives a silent socket up', async () => {
    const world = createWorld();
    await openRoom(world);
    await world.clock.advance(55_000);
    expect(world.socket().ofType('ping')).toHaveLength(1);
    world.socket().push({ type: 'pong', heads: { [roomId]: 0 }, server_time: '' });
    await world.clock.advance(55_000);
    expect(world.socket().ofType('ping')).toHaveLength(2);
    const silent = world.socket();
    await world.clock.advance(11_000);
    expect(silent.readyState).toBe(3);
    expect(FakeSocket.all).toHaveLength(2);
  });

  test('starts the history anew when the server says that what was seen no longer counts', async () => {
    const world = createWorld();
    const room = await openRoom(world, 2);
    world.socket().push({ type: 'close', code: 4200, reason: 'moved', reconnect: true, resume: false });
    world.socket().cut();
    await world.clock.advance(1_000);
    world.socket().accept();
    expect(world.socket().ofType('join')[0]).not.toHaveProperty('after');
    world.socket().push([ready(1), said(1, 'another story'), historyEnd(1)]);
    expect(contents(room)).toEqual(['another story']);
  });

  test('does not come back when the server says so', async () => {
    const world = createWorld();
    await openRoom(world);
    world.socket().push({ type: 'close', code: 4003, reason: 'Not you', reconnect: false, resume: false });
    world.socket().cut();
    await world.clock.advance(120_000);
    expect(FakeSocket.all).toHaveLength(1);
    expect(world.client.getSnapshot()).toMatchObject({ state: 'offline', problem: { detail: 'Not you' } });
  });

  test('renews its token when the server ends the socket over it, and comes back', async () => {
    const world = createWorld();
    await openRoom(world);
    world.socket().push({ type: 'close', code: 4001, reason: 'ended', reconnect: false, resume: true });
    world.socket().cut();
    await world.clock.advance(2_000);
    expect(world.requests).toContain('POST /users/token/refresh/');
    expect(FakeSocket.all).toHaveLength(2);
  });

  test('is signed out when the token cannot be renewed', async () => {
    const world = createWorld();
    const room = await openRoom(world);
    world.answers.set('POST /users/token/refresh/', () => problem(401, 'invalid_refresh_token'));
    world.socket().push({ type: 'close', code: 4001, reason: 'ended', reconnect: false, resume: true });
    world.socket().cut();
    await world.clock.advance(60_000);
    expect(world.client.state).toBe('signed-out');
    expect(room.getSnapshot()).toMatchObject({ status: 'closed', problem: { code: 'signed_out' } });
    expect(FakeSocket.all).toHaveLength(1);
  });

  test('brings a fresh token over the open socket before the old one ends', async () => {
    const world = createWorld();
    await openRoom(world);
    for (let second = 0; second < 265; second += 5) {
      await world.clock.advance(5_000);
      world.socket().push({ type: 'pong', heads: { [roomId]: 0 }, server_time: '' });
    }
    expect(world.socket().ofType('auth')).toHaveLength(0);
    await world.clock.advance(6_000);
    expect(FakeSocket.all).toHaveLength(1);
    expect(world.socket().ofType('auth')).toHaveLength(1);
    expect(world.requests.filter((request) => request === 'POST /users/token/refresh/')).toHaveLength(1);
  });

  test('says that nobody is signed in, without tokens', async () => {
    const world = createWorld();
    world.client.connect();
    await settle();
    expect(world.client.state).toBe('signed-out');
    expect(world.requests).toEqual([]);
  });

  test('finds the user of tokens that were kept', async () => {
    const store = memoryTokenStore();
    const world = createWorld({ tokens: store });
    await store.set({ ...tokensOf(ann, world.clock), received_at: world.clock.now() });
    expect(await world.client.findUser()).toEqual(ann);
  });

  test('keeps its snapshot as long as nothing changes', async () => {
    const world = createWorld();
    const room = await openRoom(world, 2);
    const [before, rooms] = [room.getSnapshot(), world.client.getSnapshot()];
    world.socket().push({ type: 'pong', heads: { [roomId]: 2 }, server_time: '' });
    expect(room.getSnapshot()).toBe(before);
    expect(world.client.getSnapshot()).toBe(rooms);
    world.socket().push(said(3));
    expect(room.getSnapshot()).not.toBe(before);
    expect(room.messages[0]).toBe(before.messages[0]);
  });
});
