/** How soon a client notices that it is offline, and what it says about that. */
import { beforeEach, describe, expect, test } from 'vitest';
import { openFakePage, type FakePage } from './fake-page.ts';
import { createFakeSystem, FakeSocket, openRoom, settle, welcome, type FakeSystem } from './fake-system.ts';
import { historyEnd, ready, roomId } from './server-events.ts';

/** The interval of a deployment. */
const heartbeat_seconds = 240;

let page: FakePage;
let system: FakeSystem;

beforeEach(async () => {
  page = openFakePage();
  system = createFakeSystem();
  await openRoom(system);
  system.socket().push([{ ...ready(0), heartbeat_seconds }, historyEnd(0)]);
});

const pong = { type: 'pong', heads: { [roomId]: 0 }, server_time: '' };

function cutNetwork(): void {
  for (const name of ['POST /chat/ws-ticket/', 'POST /users/token/refresh/'])
    system.answers.set(name, undefined);
}

async function untilOffline(): Promise<number> {
  const startMs = system.clock.now();
  while (system.client.state !== 'offline' && system.clock.now() - startMs < 600_000) {
    await system.clock.advance(500);
  }
  return (system.clock.now() - startMs) / 1_000;
}

describe('a client on a page', () => {
  test('is offline three seconds after the browser says so, and live when the network is back', async () => {
    cutNetwork();
    page.setOnline(false);
    expect(await untilOffline()).toBeLessThanOrEqual(3);
    expect(system.client.getSnapshot().problem).toMatchObject({
      code: 'unreachable',
      detail: 'This device is offline. The client connects when the network is back.',
    });
    await system.clock.advance(60_000);
    system.answers.clear();
    page.setOnline(true);
    await settle();
    system.socket().accept();
    welcome(system.socket(), 0);
    expect(system.client.state).toBe('live');
    expect(system.client.getSnapshot().problem).toBeUndefined();
  });

  test('stays live when the browser says that it is offline but the server answers, as on one machine', async () => {
    page.setOnline(false);
    expect(system.socket().ofType('ping')).toHaveLength(1);
    system.socket().push(pong);
    await system.clock.advance(5_000);
    expect([system.client.state, FakeSocket.all.length]).toEqual(['live', 1]);
  });

  test('is offline at once when the browser says so between two attempts', async () => {
    system.socket().cut();
    expect(system.client.state).toBe('recovering');
    page.setOnline(false);
    expect(system.client.state).toBe('offline');
  });

  test('notices a network that fell silent within 70 s while it is visible, and a heartbeat while it is hidden', async () => {
    cutNetwork();
    expect(await untilOffline()).toBeLessThanOrEqual(70);
    expect(system.client.getSnapshot().problem?.detail).toMatch(
      /^chat\.test (does not answer any more|cannot be reached)\. Trying again in \d+ seconds?\.$/,
    );
    system = createFakeSystem();
    await openRoom(system);
    system.socket().push([{ ...ready(0), heartbeat_seconds }, historyEnd(0)]);
    page.setVisible(false);
    await system.clock.advance(180_000);
    expect(system.socket().ofType('ping')).toHaveLength(0);
    page.setVisible(true);
    expect(system.socket().ofType('ping')).toHaveLength(1);
  });

  test('sends no ping besides the heartbeat while something arrives', async () => {
    for (let second = 0; second < 170; second += 10) {
      await system.clock.advance(10_000);
      system.socket().push({ type: 'user_join', user_id: 'u', username: 'u', room_id: roomId });
    }
    expect(system.socket().ofType('ping')).toHaveLength(0);
  });

  test('is offline 18 seconds after it sent a message into a network that fell silent', async () => {
    cutNetwork();
    system.client.room('general').send('anyone?');
    expect(await untilOffline()).toBeLessThanOrEqual(18);
  });

  test('is offline when an attempt to connect again hangs for ten seconds', async () => {
    system.answers.set('POST /chat/ws-ticket/', () => new Promise<Response>(() => {}));
    system.socket().cut();
    expect(await untilOffline()).toBeLessThanOrEqual(12);
    expect(system.client.getSnapshot().problem?.detail).toBe(
      'chat.test has not answered yet. Wait, or check the network connection.',
    );
  });
});

describe('the problem of a client that tries to connect', () => {
  test('names the host and the seconds until the next attempt when the server is stopped', async () => {
    cutNetwork();
    system.socket().cut();
    await untilOffline();
    expect(system.client.getSnapshot().problem).toMatchObject({
      code: 'unreachable',
      detail: 'chat.test cannot be reached. Trying again in 2 seconds.',
      retryAfterMs: 1_500,
    });
  });

  test('says that no WebSocket can be opened when only HTTP is answered', async () => {
    system.socket().cut();
    await system.clock.advance(1_000);
    system.socket().cut();
    expect(system.client.getSnapshot().problem?.detail).toBe(
      'chat.test answers, but a WebSocket to it cannot be opened. Trying again in 2 seconds.',
    );
  });
});
