import { describe, expect, test } from 'vitest';
import { createFakeSystem, openRoom, welcome } from './fake-system.ts';

describe('a connection whose attempt hangs when the network returns', () => {
  async function hangingAttempt() {
    const system = createFakeSystem();
    await openRoom(system);
    system.socket().cut();
    await system.clock.advance(1_000);
    return { system, hanging: system.socket() };
  }

  test('makes another attempt at once if the socket has been opening for five seconds', async () => {
    const { system, hanging } = await hangingAttempt();
    await system.clock.advance(8_000);
    system.client.reconnectNow();
    await system.clock.advance(1);
    expect(hanging.readyState).toBe(3);
    expect(system.socket()).not.toBe(hanging);
    system.socket().accept();
    welcome(system.socket(), 0);
    expect(system.client.state).toBe('live');
  });

  test('makes another attempt after five seconds if the socket has only begun to open', async () => {
    const { system, hanging } = await hangingAttempt();
    system.client.reconnectNow();
    await system.clock.advance(3_000);
    expect(system.socket()).toBe(hanging);
    await system.clock.advance(2_000);
    expect(hanging.readyState).toBe(3);
    expect(system.socket()).not.toBe(hanging);
  });

  test('keeps a socket that opens within five seconds', async () => {
    const { system, hanging } = await hangingAttempt();
    system.client.reconnectNow();
    await system.clock.advance(3_000);
    hanging.accept();
    welcome(hanging, 0);
    await system.clock.advance(8_000);
    expect(system.socket()).toBe(hanging);
    expect(system.client.state).toBe('live');
  });

  test('does not wait for a ticket that was asked for before', async () => {
    const system = createFakeSystem();
    await openRoom(system);
    const first = system.socket();
    system.answers.set('POST /chat/ws-ticket/', () => new Promise<Response>(() => {}));
    first.cut();
    await system.clock.advance(8_000);
    expect(system.socket()).toBe(first);
    system.answers.delete('POST /chat/ws-ticket/');
    system.client.reconnectNow();
    await system.clock.advance(1);
    expect(system.socket()).not.toBe(first);
  });
});
