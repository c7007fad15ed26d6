/** Rate limits of connections and users, and the closing of connections that ignore them. */
import { beforeAll, describe, expect, test } from 'vitest';
import { problem } from '../http/problem.ts';
import { ChatSocket, like, type ChatEvent } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import type { Answer } from '../../kit/request.ts';
import { newRoom } from '../../kit/rooms.ts';
import { newUser, type TestUser } from '../../kit/users.ts';
import {
  commandCharges,
  openingCharge,
  smallRoomFanOutMicroDollars,
} from '../../../shared/domain/rate-limits/charges.ts';
import { limits, useStrictRuntime } from './strict-runtime.ts';

useStrictRuntime();

let ann: TestUser;
let bob: TestUser;
let room: any;

beforeAll(async () => {
  [ann, bob] = await Promise.all([newUser(), newUser()]);
  room = await newRoom(ann);
});

const isLimited = (event: ChatEvent): boolean =>
  event.type === 'error' &&
  event['code'] === 4029 &&
  event['name'] === 'rate_limited' &&
  event['retryable'] === true &&
  event['retry_after_ms'] > 0 &&
  event['retry_after_ms'] <= 60_000;

/** Waits until enough of the current minute is left, because the user budget starts again with each minute. */
async function withinOneMinute(): Promise<void> {
  const leftMs = 60_000 - (Date.now() % 60_000);
  if (leftMs < 6_000) await new Promise((resolve) => setTimeout(resolve, leftMs));
}

/** Opens a socket of a new user, so that each test has a budget of its own. */
async function newcomer(): Promise<ChatSocket> {
  return ChatSocket.inRoom(room.room_name, (await newUser()).access, '?history=0');
}

const commands = {
  message: { type: 'message', content: 'hi' },
  edit: { type: 'edit', message_id: 'x', content: 'hi' },
  delete: { type: 'delete', message_id: 'x' },
  history: { type: 'history', limit: 1 },
  join: { type: 'join', room: 'any' },
  leave: { type: 'leave' },
  auth: { type: 'auth', token: 'x' },
  typing: { type: 'typing', is_typing: true },
  read: { type: 'read', message_id: 'x' },
  ping: { type: 'ping' },
};

test.each(Object.entries(commands))('a flood of %s is refused with a time to wait', async (_, command) => {
  const socket = await newcomer();
  // Light commands are counted by each environment separately, so more are sent than all environments accept.
  const frames = ['typing', 'read', 'ping', 'leave'].includes(command.type) ? 700 : 80;
  for (let count = 0; count < frames; count += 1) socket.send({ ...command, ref: 'flood' });
  // Commands that are refused for another reason as well may close the connection instead.
  expect(await socket.find((event) => isLimited(event) || event['code'] === 4029)).toBeDefined();
  socket.socket.terminate();
});

test('history passes exactly as often as the budget allows, however many environments serve it', async () => {
  await withinOneMinute();
  const socket = await newcomer();
  const asked = 90;
  for (let count = 0; count < asked; count += 1) socket.send({ type: 'history', limit: 1, ref: `h${count}` });
  const answers = (): ChatEvent[] =>
    socket.events.filter(
      ({ type, ref }) => type === 'history_end' || (type === 'error' && ref !== undefined),
    );
  // Its welcome ended with one, too.
  await socket.find(() => answers().length === asked + 1);
  const passed = socket.ofType('history_end').length - 1;
  // The last charge may exceed the budget.
  const left = limits.MICRO_DOLLARS_PER_USER_PER_MINUTE - openingCharge(0).costMicroDollars;
  expect(passed).toBe(
    Math.ceil(left / commandCharges.history!({ type: 'history', limit: 1 }).costMicroDollars),
  );
});

test('a connection that ignores refusals is closed, without effect on the others', async () => {
  const flooder = await newcomer();
  const listener = await ChatSocket.inRoom(room.room_name, bob.access);
  const flood = setInterval(() => {
    for (let count = 0; count < 20; count += 1) flooder.socket.send('not even JSON');
  }, 20);
  try {
    expect(await flooder.find('close')).toMatchObject({ code: 4029, reconnect: true, resume: true });
    await flooder.closed;
  } finally {
    clearInterval(flood);
  }
  await listener.find('user_leave');
  expect(listener.ofType('error')).toEqual([]);
  await listener.close();
});

test('typing reaches the others no more often than the budget allows, however many environments serve it', async () => {
  await withinOneMinute();
  const [typist, listener] = [await newcomer(), await ChatSocket.inRoom(room.room_name, bob.access)];
  // Each indicator differs from the one before, so none is dropped as a repetition.
  for (let count = 0; count < 160; count += 1) typist.send({ type: 'typing', is_typing: count % 2 === 0 });
  await typist.find(isLimited);
  const { access } = await newUser();
  const done = { token: access, body: { content: 'done' } };
  await call('POST', `/chat/rooms/${room.room_id}/messages/`, done);
  await listener.find(like('chat_message', { message: 'done' }));
  const told = listener.ofType('typing_indicator').length;
  expect(told).toBeGreaterThan(0);
  expect(told).toBeLessThanOrEqual(limits.MICRO_DOLLARS_PER_USER_PER_MINUTE / smallRoomFanOutMicroDollars);
  await Promise.all([typist.close(), listener.close()]);
});

interface Rate {
  what: string;
  max: number;
  ask: (token: string) => Promise<Answer>;
}

const rates: Rate[] = [
  {
    what: 'lookups',
    max: limits.LOOKUPS_PER_USER_PER_MINUTE,
    ask: (token) => call('GET', '/users/?username=a', { token }),
  },
  {
    what: 'tickets',
    max: limits.TICKETS_PER_USER_PER_MINUTE,
    ask: (token) => call('POST', '/chat/ws-ticket/', { token }),
  },
  {
    what: 'rooms',
    max: limits.ROOMS_PER_USER_PER_HOUR,
    ask: (token) => call('POST', '/chat/rooms/create/', { token, body: { room_name: uniqueName('made') } }),
  },
  {
    what: 'messages',
    max: limits.MESSAGES_PER_10_SECONDS,
    ask: (token) => call('POST', `/chat/rooms/${room.room_id}/messages/`, { token, body: { content: 'hi' } }),
  },
];

describe('the rate limits of one user over HTTP', () => {
  test.each(rates)('allow $max times: $what, then answer 429 with Retry-After', async ({ max, ask }) => {
    const [one, other] = await Promise.all([newUser(), newUser()]);
    let passed = 0;
    let answer = await ask(one.access);
    // One window may end in between.
    for (; answer.status < 300 && passed <= 2 * max; answer = await ask(one.access)) passed += 1;
    expect(answer).toEqual(problem(429, 'rate_limited'));
    expect(passed).toBeGreaterThanOrEqual(max);
    expect(passed).toBeLessThanOrEqual(2 * max);
    expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(3_600);
    expect((await ask(other.access)).status).toBeLessThan(300);
  });

  test('cover additions to all private rooms together, except those that change nothing', async () => {
    const [owner, ...others] = await Promise.all(
      Array.from({ length: limits.ADDITIONS_PER_USER_PER_HOUR + 2 }, () => newUser()),
    );
    const own = [await newRoom(owner!, { is_private: true }), await newRoom(owner!, { is_private: true })];
    const add = (place: number, { id }: TestUser) =>
      call('POST', `/chat/rooms/${own[place]!.room_id}/members/add/`, {
        token: owner!.access,
        body: { user_id: id },
      });
    const answers: number[] = [];
    for (const [at, user] of others.entries()) {
      answers.push((await add(at % 2, user)).status);
      if (at === 0) for (let again = 0; again < 10; again += 1) answers.push((await add(0, user)).status);
    }
    const last = answers.pop();
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(last).toBe(429);
  });

  test('cover rooms that are created by opening or joining them', async () => {
    const maker = await newUser();
    const socket = await ChatSocket.open('/ws/', { token: maker.access });
    for (let count = 0; count < limits.ROOMS_PER_USER_PER_HOUR; count += 1) {
      socket.send({ type: 'join', room: uniqueName('made') });
      await socket.next('history_end');
    }
    socket.send({ type: 'join', room: uniqueName('made'), ref: 'one too many' });
    expect(await socket.next('error')).toMatchObject({ code: 4029, ref: 'one too many' });
    const address = `/ws/chat/${uniqueName('made')}/`;
    expect(await ChatSocket.refusal(address, { token: maker.access })).toBe(429);
  });
});
