/** Clients of applications that sign their users in themselves, and pass access tokens by `getToken`. */
import { describe, expect, test } from 'vitest';
import { createFakeSystem, ManualClock, problem, settle, tokensOf, welcome } from './fake-system.ts';
import { ann, bob, historyEnd, ready, roomId } from './server-events.ts';

const pong = { type: 'pong', heads: { [roomId]: 0 }, server_time: '' };

function createApplication() {
  const clock = new ManualClock();
  const application: { user: typeof ann | undefined; error: Error | undefined; given: string[] } = {
    user: ann,
    error: undefined,
    given: [],
  };
  const system = createFakeSystem({
    clock,
    getToken: async () => {
      if (application.error !== undefined) throw application.error;
      if (application.user === undefined) return undefined;
      const { access } = tokensOf(application.user, clock);
      application.given.push(access);
      return access;
    },
  });
  return { ...system, application };
}

async function connectLive(system: ReturnType<typeof createApplication>) {
  const room = system.client.room('general');
  system.client.connect();
  await settle();
  system.socket().accept();
  welcome(system.socket(), 0);
  await settle();
  return room;
}

describe('a client with getToken', () => {
  test('asks once for a token that all requests share, and again before it ends, and sends it over the socket', async () => {
    const system = createApplication();
    expect(system.client.state).toBe('signed-out');
    const room = await connectLive(system);
    expect([system.client.state, system.client.user, room.status]).toEqual(['live', ann, 'live']);
    await Promise.all([1, 2, 3].map(() => system.client.http.listMyRooms().firstPage()));
    expect(system.application.given).toHaveLength(1);
    for (let second = 0; second < 275; second += 5) {
      await system.clock.advance(5_000);
      system.socket().push(pong);
    }
    expect(system.application.given).toHaveLength(2);
    expect(system.socket().ofType('auth')).toEqual([
      expect.objectContaining({ token: system.application.given[1] }),
    ]);
    expect(system.requests.filter((name) => name.includes('/users/'))).toEqual([]);
  });

  test('asks again when the server refuses the token', async () => {
    const system = createApplication();
    let refusals = 1;
    system.answers.set('GET /chat/rooms/mine/', () => {
      refusals -= 1;
      return refusals < 0 ? Response.json([]) : problem(401, 'unauthorized');
    });
    await expect(system.client.http.listMyRooms().firstPage()).resolves.toEqual([]);
    expect(system.application.given).toHaveLength(2);
  });

  test('does not ask more than every five seconds for a token that stays the same until it has ended', async () => {
    const clock = new ManualClock();
    const { access } = tokensOf(ann, clock);
    let asked = 0;
    const system = createFakeSystem({
      clock,
      getToken: async () => {
        asked += 1;
        return access;
      },
    });
    await connectLive({ ...system, application: { user: ann, error: undefined, given: [] } });
    for (let second = 0; second < 300; second += 5) {
      await clock.advance(5_000);
      system.socket().push(pong);
    }
    expect(asked).toBeGreaterThan(1);
    expect(asked).toBeLessThanOrEqual(8);
  });

  test('explains that signIn and register are not available', async () => {
    const { client, requests } = createApplication();
    for (const refused of [client.signIn('ann', 'secret'), client.register('ann', 'secret')]) {
      await expect(refused).rejects.toMatchObject({
        code: 'not_available',
        detail: expect.stringContaining('getToken'),
      });
    }
    expect(requests).toEqual([]);
  });

  test('is offline while the application fails to give a token, and connects when it does', async () => {
    const system = createApplication();
    system.application.error = new Error('502');
    system.client.connect();
    await system.clock.advance(3_000);
    const { state, problem: shown } = system.client.getSnapshot();
    expect(state).toBe('offline');
    expect(shown?.detail).toMatch(
      /^The application has given no access token\. Trying again in \d+ seconds?\.$/,
    );
    await expect(system.client.findUser()).rejects.toMatchObject({ code: 'unreachable' });
    system.application.error = undefined;
    await system.clock.advance(30_000);
    system.socket().accept();
    expect([system.client.state, system.client.user]).toEqual(['live', ann]);
  });

  test('is signed out when the application has no user or calls signOut, and follows its next user after connect', async () => {
    const system = createApplication();
    system.application.user = undefined;
    expect(await system.client.findUser()).toBeUndefined();
    system.client.connect();
    await settle();
    expect(system.client.state).toBe('signed-out');
    system.application.user = ann;
    const room = await connectLive(system);
    await system.client.signOut();
    expect([system.client.state, room.status]).toEqual(['signed-out', 'closed']);
    await expect(system.client.http.getProfile()).rejects.toMatchObject({ code: 'signed_out' });
    system.application.user = bob;
    system.client.connect();
    await settle();
    system.socket().accept();
    system.socket().push([{ ...ready(0), user: bob }, historyEnd(0)]);
    expect([system.client.state, system.client.user]).toEqual(['live', bob]);
    expect(system.requests).not.toContain('POST /users/auth/logout/');
  });

  test('says what to pass when the token is not one of this chat', async () => {
    const { client } = createFakeSystem({ getToken: async () => 'session-cookie' });
    await expect(client.http.getProfile()).rejects.toMatchObject({
      code: 'unauthorized',
      detail: expect.stringContaining('Pass a token that this chat has issued'),
    });
  });
});
