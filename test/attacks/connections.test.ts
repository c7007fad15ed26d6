/** Attempts to exceed the limit of connections per user through a delayed stream, an expired token or an expired lease. */
import { beforeEach, expect, test, vi } from 'vitest';
import { ChatSocket } from '../kit/chat-socket.ts';
import { call } from '../kit/deployment.ts';
import { newRoom } from '../kit/rooms.ts';
import { login, newUser, type TestUser } from '../kit/users.ts';
import { useProductionRuntime } from './production-runtime.ts';

const max = 3;

useProductionRuntime({
  CONNECTIONS_PER_USER: String(max),
  // Ten seconds, so that tokens expire within a test.
  ACCESS_TOKEN_LIFETIME_MINUTES: '0.17',
  HEARTBEAT_SECONDS: '1',
});

let user: TestUser;
let room: any;

beforeEach(async () => {
  user = await newUser();
  room = await newRoom(user);
});

const open = (token: string): Promise<ChatSocket | number> =>
  ChatSocket.open(`/ws/chat/${room.room_name}/?history=0`, { token }).catch(
    (error: { status: number }) => error.status,
  );

/** Returns the sockets that still answer a ping. */
async function living(sockets: ChatSocket[]): Promise<ChatSocket[]> {
  const answers = await Promise.all(
    sockets.map(async (socket) => {
      if (socket.socket.readyState !== 1) return undefined;
      const before = socket.ofType('pong').length;
      socket.send({ type: 'ping' });
      const end = Symbol('end');
      const answer = await Promise.race([
        socket.closed.then(() => end),
        vi
          .waitFor(() => {
            if (socket.ofType('pong').length === before) throw new Error('no pong yet');
          })
          .catch(() => end),
      ]);
      return answer === end ? undefined : socket;
    }),
  );
  return answers.filter((socket) => socket !== undefined);
}

test('25 concurrent handshakes open no more sockets than the limit while the stream is delayed', async () => {
  await call('POST', '/_local/faults', {
    body: [{ id: 'late', point: 'stream', action: 'delay', delayMs: 2_500 }],
  });
  const outcomes = await Promise.all(Array.from({ length: 25 }, () => open(user.access)));
  const sockets = outcomes.filter((outcome) => outcome instanceof ChatSocket);
  for (const status of outcomes.filter((outcome) => typeof outcome === 'number')) expect(status).toBe(429);
  expect((await living(sockets)).length).toBeLessThanOrEqual(max);
  await call('DELETE', '/_local/faults/late');
});

test('sockets with an expired token are not revived by auth after others have replaced them', async () => {
  const old = (await Promise.all(Array.from({ length: max }, () => open(user.access)))) as ChatSocket[];
  for (const socket of old) await socket.next('history_end');
  // New connections are accepted once the tokens of the old ones have expired.
  const { access } = await vi.waitFor(
    async () => {
      const pair = await login(user.username, user.password);
      const socket = await open(pair.access);
      if (!(socket instanceof ChatSocket)) throw new Error('still full');
      return pair;
    },
    { timeout: 20_000, interval: 300 },
  );
  await Promise.all(Array.from({ length: max - 1 }, () => open(access)));
  for (const socket of old) if (socket.socket.readyState === 1) socket.send({ type: 'auth', token: access });
  expect(await living(old)).toEqual([]);
});

test('sockets with an expired lease are not revived by ping', async () => {
  const { access } = await login(user.username, user.password);
  const old = (await Promise.all(Array.from({ length: max }, () => open(access)))) as ChatSocket[];
  // The first ping of a client shortens its lease.
  for (const socket of old) socket.send({ type: 'ping' });
  for (const socket of old) await socket.next('pong');
  const fresh: ChatSocket[] = [];
  await vi.waitFor(
    async () => {
      const pair = await login(user.username, user.password);
      const socket = await open(pair.access);
      if (!(socket instanceof ChatSocket)) throw new Error('still full');
      fresh.push(socket);
    },
    { timeout: 20_000, interval: 200 },
  );
  expect((await living([...old, ...fresh])).length).toBeLessThanOrEqual(max);
});
