/** The limit of connections per user, and the allowed origins. */
import { beforeAll, expect, test, vi } from 'vitest';
import { problem } from '../http/problem.ts';
import { ChatSocket, like, type HandshakeRefused } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { newRoom } from '../../kit/rooms.ts';
import { newUser, type TestUser } from '../../kit/users.ts';
import { limits, useStrictRuntime } from './strict-runtime.ts';

useStrictRuntime({
  ALLOWED_ORIGINS: 'https://good.example,https://other.example:8443',
  MICRO_DOLLARS_PER_USER_PER_MINUTE: '1000000',
});
const max = limits.CONNECTIONS_PER_USER;

/** A user with one socket at a time. */
let visitor: TestUser;
beforeAll(async () => {
  visitor = await newUser();
});

test('a connection beyond the limit is refused with 429 until another one has closed', async () => {
  const [ann, bob] = await Promise.all([newUser(), newUser()]);
  const { room_name: room } = await newRoom(ann);
  const sockets: ChatSocket[] = [];
  for (let count = 0; count < max; count += 1) sockets.push(await ChatSocket.inRoom(room, ann.access));
  const address = `/ws/chat/${room}/`;
  expect(await ChatSocket.refusal(address, { token: ann.access })).toBe(429);
  // Sockets without a room count as well, and a ticket is refused for the same reason.
  expect(await ChatSocket.refusal('/ws/', { token: ann.access })).toBe(429);
  expect(await call('POST', '/chat/ws-ticket/', { token: ann.access, body: { room } })).toEqual(
    problem(429, 'rate_limited'),
  );
  // The limit applies to each user separately.
  await ChatSocket.inRoom(room, bob.access);
  await sockets[0]!.close();
  await vi.waitFor(() => ChatSocket.inRoom(room, ann.access), { timeout: 10_000, interval: 50 });
});

test('of many concurrent connections no more than the limit stay open, and the others are refused', async () => {
  const ann = await newUser();
  const { room_name: room } = await newRoom(ann);
  const tried = await Promise.allSettled(
    Array.from({ length: 20 }, () => ChatSocket.open(`/ws/chat/${room}/`, { token: ann.access })),
  );
  const reasons = tried.flatMap((one) => (one.status === 'rejected' ? [one.reason as HandshakeRefused] : []));
  for (const reason of reasons) expect(reason.status).toBe(429);
  const opened = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const outcomes = await Promise.all(
    opened.map(async (socket) => {
      const first = await socket.next((event) => event.type === 'history_end' || event.type === 'close');
      if (first.type !== 'close') return { socket, stays: true };
      expect(first).toMatchObject({ code: 4029, reconnect: true });
      await socket.closed;
      return { socket, stays: false };
    }),
  );
  // A connection that was welcomed may still be closed as surplus when a concurrent one is recorded.
  await vi.waitFor(() => {
    const left = outcomes.filter(({ socket }) => socket.socket.readyState === 1);
    expect(left.length).toBe(max);
  });
  const left = outcomes.filter(({ socket }) => socket.socket.readyState === 1);
  left[0]!.socket.send({ message: 'still here' });
  await Promise.all(left.map(({ socket }) => socket.find(like('chat_message', { message: 'still here' }))));
});

test('sockets whose network broke no longer count towards the limit', async () => {
  const ann = await newUser();
  const { room_name: room } = await newRoom(ann);
  for (let count = 0; count < max; count += 1) {
    const socket = await ChatSocket.inRoom(room, ann.access);
    // Without a closing handshake, as when the network breaks.
    socket.socket.terminate();
  }
  const again = await vi.waitFor(() => ChatSocket.inRoom(room, ann.access), {
    timeout: 10_000,
    interval: 50,
  });
  expect(again.ofType('history_end')).toHaveLength(1);
});

/** Returns the status of a handshake from the origin; 101 when it succeeds. */
async function statusFrom(origin: string | undefined): Promise<number> {
  const headers: Record<string, string> = origin === undefined ? {} : { Origin: origin };
  const outcome = await ChatSocket.open('/ws/', { token: visitor.access, headers }).catch(
    (error: HandshakeRefused) => error.status,
  );
  if (typeof outcome === 'number') return outcome;
  await outcome.next('ready');
  await outcome.close();
  return 101;
}

test.each(['https://good.example', 'https://other.example:8443', undefined])(
  'a page of the origin %s may open a socket',
  async (origin) => {
    expect(await statusFrom(origin)).toBe(101);
  },
);

test.each([
  'null',
  '',
  'https://good.example.evil.com',
  'https://evilgood.example',
  'https://evil.com/https://good.example',
  'https://good.example@evil.com',
  'https://good.example:444',
  'https://other.example',
  'http://good.example',
  'https://good.example/',
  'https://good.example, https://evil.com',
  'https://goodxexample',
  '*',
])('a page of the origin "%s" may not open a socket', async (origin) => {
  expect(await statusFrom(origin)).toBe(403);
});
