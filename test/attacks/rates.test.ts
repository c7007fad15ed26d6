/** The rate limits of one user across HTTP and all their sockets. */
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { stageSettings } from '../../infra/stages.ts';
import { ChatSocket } from '../kit/chat-socket.ts';
import { call } from '../kit/deployment.ts';
import { uniqueName } from '../kit/names.ts';
import { joinRoom, openWithoutRoom } from '../kit/room-sockets.ts';
import { newRoom, postMessage } from '../kit/rooms.ts';
import { newUser, type TestUser } from '../kit/users.ts';
import { useProductionRuntime } from './production-runtime.ts';

useProductionRuntime();

const { messagesPerUserPer10Seconds: writesPerWindow } = stageSettings('prod');

let owner: TestUser;
let user: TestUser;
let room: any;

beforeAll(async () => {
  owner = await newUser();
  room = await newRoom(owner);
});

beforeEach(async () => {
  user = await newUser();
});

/** Returns how many ten-second windows have been touched since the given time. */
const windowsSince = (startedAtMs: number): number =>
  Math.floor(Date.now() / 10_000) - Math.floor(startedAtMs / 10_000) + 1;

async function countPassed(asks: (() => Promise<{ status: number }>)[], atOnce = 20): Promise<number> {
  let passed = 0;
  for (let from = 0; from < asks.length; from += atOnce) {
    const answers = await Promise.all(asks.slice(from, from + atOnce).map((ask) => ask()));
    for (const { status } of answers) {
      expect([200, 201, 204, 429]).toContain(status);
      if (status !== 429) passed += 1;
    }
  }
  return passed;
}

const times = <T>(count: number, make: (number: number) => T): T[] =>
  Array.from({ length: count }, (_, number) => make(number));

const send = (content: string) => () =>
  call('POST', `/chat/rooms/${room.room_id}/messages/`, { token: user.access, body: { content } });

describe('one budget limits', () => {
  test.each([
    [
      'edits',
      async () => {
        const { message_id: id } = await postMessage(user, room, 'first');
        return (number: number) => () =>
          call('PATCH', `/chat/messages/${id}/edit/`, { token: user.access, body: { content: `${number}` } });
      },
    ],
    ['sends', async () => (number: number) => send(`${number}`)],
    [
      'changes of a profile',
      async () => (number: number) => () =>
        call('PATCH', '/users/auth/profile/', { token: user.access, body: { first_name: `n${number}` } }),
    ],
  ])('200 %s at full speed', async (_, prepare) => {
    const ask = await prepare();
    const startedAtMs = Date.now();
    const passed = await countPassed(times(200, ask));
    expect(passed).toBeGreaterThan(writesPerWindow / 2);
    expect(passed).toBeLessThanOrEqual(writesPerWindow * windowsSince(startedAtMs));
  });

  test('messages of three sockets and of HTTP together', async () => {
    const sockets = await Promise.all(
      times(3, () => ChatSocket.inRoom(room.room_name, user.access, '?history=0')),
    );
    const startedAtMs = Date.now();
    for (const [at, socket] of sockets.entries())
      for (let number = 0; number < 60; number += 1)
        socket.send({ type: 'message', content: 'flood', client_id: `c-${at}-${number}` });
    const overHttp = await countPassed(times(60, (number) => send(`http ${number}`)));
    await vi.waitFor(
      () => {
        for (const socket of sockets) {
          const answers = socket.events.filter(({ type }) => type === 'ack' || type === 'error');
          expect(answers).toHaveLength(60);
        }
      },
      { timeout: 15_000, interval: 50 },
    );
    const acked = sockets.flatMap((socket) => socket.ofType('ack')).length;
    expect(acked + overHttp).toBeGreaterThan(0);
    expect(acked + overHttp).toBeLessThanOrEqual(writesPerWindow * windowsSince(startedAtMs));
  });
});

describe('a request that is refused changes nothing', () => {
  test.each([
    [
      'a read marker on what is no message',
      (id: string) => [`/chat/rooms/${id}/read/`, { message_id: 'nonsense' }],
    ],
    [
      'a read marker on a message of another room',
      (id: string) => [`/chat/rooms/${id}/read/`, { message_id: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    ],
    ['an empty message', (id: string) => [`/chat/rooms/${id}/messages/`, { content: ' ' }]],
  ] as const)('%s does not join its room', async (_, request) => {
    const [path, body] = request(room.room_id);
    const answer = await call('POST', path as string, { token: user.access, body });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    const mine = await call('GET', '/chat/rooms/mine/', { token: user.access });
    expect(mine.body).toEqual([]);
  });

  test('a room that cannot be opened is not created', async () => {
    const socket = await openWithoutRoom(user);
    const rooms = await Promise.all(times(50, () => newRoom(owner).catch(() => undefined)));
    const open = rooms.filter((one) => one !== undefined);
    for (const { room_name: name } of open) socket.send({ type: 'join', room: name, history: 0 });
    await vi.waitFor(() => expect(socket.ofType('history_end')).toHaveLength(open.length), {
      timeout: 15_000,
    });
    // A new name is refused only if the socket has reached its limit of rooms.
    const name = uniqueName('surplus');
    socket.send({ type: 'join', room: name, ref: 'surplus' });
    const answer = await socket.find(({ ref }) => ref === 'surplus');
    expect([open.length < 50 ? 'ready' : 'error', 'error']).toContain(answer.type);
  });
});

test('a user who joins and leaves in a loop is announced to the others only a few times', async () => {
  const watcher = await ChatSocket.inRoom(room.room_name, owner.access);
  const socket = await openWithoutRoom(user);
  const startedAtMs = Date.now();
  for (let round = 0; round < 30; round += 1) {
    socket.send({ type: 'join', room: room.room_name, history: 0, ref: `j${round}` });
    await socket.find(({ type, ref }) => (type === 'history_end' || type === 'error') && ref === `j${round}`);
    socket.send({ type: 'leave', room_id: room.room_id, ref: `l${round}` });
    await socket.find(({ ref }) => ref === `l${round}`);
  }
  expect(socket.events.some(({ code }) => code === 4029)).toBe(true);
  const arrivals = watcher.events.filter(({ type, user_id }) => type === 'user_join' && user_id === user.id);
  expect(arrivals.length).toBeLessThanOrEqual(5 * windowsSince(startedAtMs));
  await watcher.close();
});

test('reading large pages in a loop is refused, with HEAD as with GET', async () => {
  const path = `/chat/rooms/${room.room_id}/messages/?limit=100`;
  const read = (method: string) => call(method, path, { token: user.access });
  let refused = 0;
  for (let round = 0; round < 60 && refused === 0; round += 1) {
    const answers = await Promise.all(times(20, (number) => read(number % 2 === 0 ? 'HEAD' : 'GET')));
    refused += answers.filter(({ status }) => status === 429).length;
  }
  expect(refused).toBeGreaterThan(0);
});

test('the rate of handshakes of one user is limited', async () => {
  const { microDollarsPerUserPerMinute: budget } = stageSettings('prod');
  const statuses: number[] = [];
  for (let round = 0; round < 15; round += 1) {
    const opened = await Promise.all(
      times(15, () =>
        ChatSocket.open(`/ws/chat/${room.room_name}/?history=100`, { token: user.access }).then(
          (socket) => {
            socket.socket.terminate();
            return 101;
          },
          (error: { status: number }) => error.status,
        ),
      ),
    );
    statuses.push(...opened);
  }
  expect(statuses.filter((status) => status === 101).length).toBeLessThanOrEqual(2 * (budget / 550) + 20);
  expect(statuses).toContain(429);
});

test('other users are not affected', async () => {
  const socket = await openWithoutRoom(user);
  await joinRoom(socket, room.room_name);
  socket.send({ message: 'hello', room_id: room.room_id });
  const heard = await socket.find(({ message }) => message === 'hello');
  expect(heard['sender_id']).toBe(user.id);
});
