/**
 * Access that ends before a socket's welcome, while the table stream is delayed: every command must check access itself
 * and must not rely on the stream.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ChatSocket } from '../kit/chat-socket.ts';
import { call } from '../kit/deployment.ts';
import { newPrivateRoom, newRoom, postMessage } from '../kit/rooms.ts';
import { login, newUser, type TestUser } from '../kit/users.ts';
import { useProductionRuntime } from './production-runtime.ts';

const { runtime } = useProductionRuntime();

/** Longer than the commands of a test take. */
const lateMs = 2_500;

async function addRule(rule: object): Promise<void> {
  const answer = await call('POST', '/_local/faults', { body: [rule] });
  expect(answer.status).toBeLessThan(300);
}

const delayStream = () => addRule({ id: 'late', point: 'stream', action: 'delay', delayMs: lateMs });

let ann: TestUser;
let bob: TestUser;

beforeEach(async () => {
  [ann, bob] = await Promise.all([newUser(), newUser()]);
});

afterEach(async () => {
  for (const { id } of (await call('GET', '/_local/faults')).body.rules)
    await call('DELETE', `/_local/faults/${id}`);
});

async function remove(roomId: string, user: TestUser): Promise<void> {
  const path = `/chat/rooms/${roomId}/members/remove/${user.id}/`;
  expect((await call('DELETE', path, { token: ann.access })).status).toBe(200);
}

async function log(roomId: string): Promise<any[]> {
  const answer = await call('GET', `/chat/rooms/${roomId}/messages/?limit=100`, { token: ann.access });
  expect(answer.status).toBe(200);
  return answer.body;
}

/** Sends the commands and waits until each has been refused, or the socket has been closed. */
async function expectRefused(socket: ChatSocket, commands: object[]): Promise<void> {
  for (const [number, command] of commands.entries()) socket.send({ ...command, ref: `refused-${number}` });
  await vi.waitFor(
    () => {
      const refused = socket.events.filter(
        ({ type, ref }) => type === 'error' && String(ref).startsWith('refused-'),
      );
      const isClosed = socket.socket.readyState === 3;
      expect(isClosed || refused.length === commands.length).toBe(true);
    },
    { timeout: 8_000, interval: 20 },
  );
}

describe('a member who is removed before the welcome', () => {
  test('reads nothing that was sent after the removal, and stores nothing', async () => {
    const room = await newPrivateRoom(ann, bob);
    const own = await postMessage(bob, room, 'before');
    await delayStream();
    const socket = await ChatSocket.open(`/ws/chat/${room.room_name}/`, { token: bob.access });
    await remove(room.room_id, bob);
    await postMessage(ann, room, 'now that Bob is gone');
    await expectRefused(socket, [
      { type: 'history', limit: 10 },
      { type: 'history', after: 0 },
      { type: 'message', content: 'still here' },
      { message: 'still here' },
      { type: 'edit', message_id: own.message_id, content: 'still here' },
      { type: 'delete', message_id: own.message_id },
      { type: 'read', message_id: own.message_id },
    ]);
    expect(JSON.stringify(socket.events)).not.toContain('now that Bob is gone');
    const contents = (await log(room.room_id)).map(({ content }) => content);
    expect(contents).toEqual(['before', 'now that Bob is gone']);
  });

  test('publishes no typing indicator, and receives no head of the room in a pong', async () => {
    const room = await newPrivateRoom(ann, bob);
    const anns = await ChatSocket.inRoom(room.room_name, ann.access);
    await delayStream();
    const socket = await ChatSocket.open(`/ws/chat/${room.room_name}/`, { token: bob.access });
    await remove(room.room_id, bob);
    socket.send({ type: 'typing', is_typing: true });
    socket.send({ type: 'ping' });
    const pong = await Promise.race([socket.next('pong'), socket.closed]);
    expect(pong).not.toHaveProperty(['heads', room.room_id]);
    await postMessage(ann, room, 'marker');
    await anns.upToPong();
    expect(anns.ofType('typing_indicator')).toEqual([]);
  });

  test('gains no access by a join that began before the removal', async () => {
    const room = await newPrivateRoom(ann, bob);
    const socket = await ChatSocket.open('/ws/', { token: bob.access });
    await socket.next('ready');
    await delayStream();
    await addRule({
      id: 'slow-join',
      point: 'connections',
      action: 'delay',
      delayMs: 500,
      match: { function: 'message', contains: '"type":"ready"' },
    });
    socket.send({ type: 'join', room: room.room_name, ref: 'j' });
    await remove(room.room_id, bob);
    await postMessage(ann, room, 'now that Bob is gone');
    await expectRefused(socket, [{ type: 'message', content: 'still here', room_id: room.room_id }]);
    await vi.waitFor(() => expect(socket.ofType('error').length).toBeGreaterThan(0));
    expect((await log(room.room_id)).map(({ content }) => content)).toEqual(['now that Bob is gone']);
    expect(JSON.stringify(socket.ofType('chat_message'))).not.toContain('now that Bob is gone');
  });
});

describe('a removed member’s message never follows the entry of the removal', () => {
  test.each([
    ['before the seq is taken', { operation: 'UpdateItem', contains: '"ROOM#' }],
    ['between the seq and the entry', { operation: 'PutItem', contains: '"LOG#' }],
  ])('when the function stalls %s', async (_, match) => {
    const room = await newPrivateRoom(ann, bob);
    const socket = await ChatSocket.inRoom(room.room_name, bob.access);
    const anns = await ChatSocket.inRoom(room.room_name, ann.access);
    await addRule({
      id: 'stall',
      point: 'database',
      action: 'delay',
      delayMs: 1_000,
      count: 1,
      match: { function: 'message', phase: 'before', ...match },
    });
    socket.send({ type: 'message', content: 'too late', client_id: undefined, ref: 'late' });
    await vi.waitFor(async () => {
      const { rules } = (await call('GET', '/_local/faults')).body;
      expect(rules.find(({ id }: { id: string }) => id === 'stall').fired).toBe(1);
    });
    await remove(room.room_id, bob);
    const removed = await anns.find('member_removed');
    await Promise.race([socket.find(({ type }) => type === 'error' || type === 'ack'), socket.closed]);
    const late = (await log(room.room_id)).filter(({ content }) => content === 'too late');
    for (const { seq } of late) expect(seq).toBeLessThan(removed['seq']);
  });
});

const ends: Record<string, (user: TestUser) => Promise<void>> = {
  'signed out': async ({ refresh }) => {
    expect((await call('POST', '/users/auth/logout/', { body: { refresh } })).status).toBe(204);
  },
  'signed out everywhere': async ({ access }) => {
    expect((await call('DELETE', '/users/auth/sessions/', { token: access })).status).toBe(204);
  },
  'signed out by a new password': async ({ username, password }) => {
    const { access } = await login(username, password);
    const body = { old_password: password, new_password: 'quiet-harbour-91' };
    expect((await call('POST', '/users/auth/password/', { token: access, body })).status).toBe(204);
  },
  deleted: async ({ access, password }) => {
    const answer = await call('DELETE', '/users/auth/profile/', { token: access, body: { password } });
    expect(answer.status).toBe(204);
  },
};

describe.each(Object.entries(ends))('a user who is %s before the welcome', (_, end) => {
  test('reads and stores nothing in a room, and gains no access by auth', async () => {
    const room = await newRoom(ann);
    await delayStream();
    const socket = await ChatSocket.open(`/ws/chat/${room.room_name}/`, { token: bob.access });
    await end(bob);
    await postMessage(ann, room, 'after the end');
    await expectRefused(socket, [
      { type: 'auth', token: bob.access },
      { type: 'history', limit: 10 },
      { type: 'message', content: 'still here' },
    ]);
    expect(JSON.stringify(socket.events)).not.toContain('after the end');
    expect((await log(room.room_id)).map(({ content }) => content)).toEqual(['after the end']);
  });

  test('cannot join a room on a socket without a room', async () => {
    const room = await newRoom(ann);
    await delayStream();
    const socket = await ChatSocket.open('/ws/', { token: bob.access });
    await end(bob);
    await expectRefused(socket, [{ type: 'join', room: room.room_name }]);
    expect(socket.ofType('ready')).toEqual([]);
  });
});

test('a room that is deleted before the welcome can be neither read nor written', async () => {
  const room = await newRoom(ann);
  await postMessage(ann, room, 'before');
  await delayStream();
  const socket = await ChatSocket.open(`/ws/chat/${room.room_name}/`, { token: bob.access });
  expect((await call('DELETE', `/chat/rooms/${room.room_id}/`, { token: ann.access })).status).toBe(204);
  await expectRefused(socket, [
    { type: 'history', limit: 10 },
    { type: 'message', content: 'still here' },
  ]);
  expect(JSON.stringify(socket.events)).not.toContain('before');
});

test('a handshake whose session ends during the authentication is refused', async () => {
  const room = await newRoom(ann);
  await addRule({
    id: 'slow-door',
    point: 'database',
    action: 'delay',
    delayMs: 1_000,
    count: 1,
    match: { function: 'connect', operation: 'PutItem', contains: '"CONN#', phase: 'before' },
  });
  await delayStream();
  const opening = ChatSocket.open(`/ws/chat/${room.room_name}/`, { token: bob.access });
  opening.catch(() => undefined);
  await vi.waitFor(async () => {
    const { rules } = (await call('GET', '/_local/faults')).body;
    expect(rules.find(({ id }: { id: string }) => id === 'slow-door').fired).toBe(1);
  });
  await ends['signed out']!(bob);
  await expect(opening).rejects.toMatchObject({ status: 401 });
});

test('the runtime still answers after these attacks', async () => {
  expect((await fetch(`${runtime().url}/health/`)).status).toBe(200);
});
