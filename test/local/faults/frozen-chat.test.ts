/** Runs conversations in environments that are frozen after every answer, and looks for what still runs then. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startFaulty, type FaultyRuntime } from '../../chaos/harness/runtime.ts';
import { ChatSocket, like } from '../../kit/chat-socket.ts';
import { call, useDeployment } from '../../kit/deployment.ts';
import { addMember, listMessages, newPrivateRoom, newRoom, postMessage } from '../../kit/rooms.ts';
import {
  awaitClose,
  joinRoom,
  openRoomOfTwo,
  openWithoutRoom,
  readHeads,
  sendMessage,
} from '../../kit/room-sockets.ts';
import { get, newUser } from '../../kit/users.ts';
import { workLeftBehind } from './work-left-behind.ts';

/** What was still running, as `function: resource`. */
const left: string[] = [];
let chat: FaultyRuntime;

beforeAll(async () => {
  chat = await startFaulty({
    onLeftWork: (functionId, resources) =>
      void left.push(...resources.map((name) => `${functionId}: ${name}`)),
  });
  useDeployment(chat.url);
});
afterEach(async () => {
  await chat.rules.clear();
  left.splice(0);
});
afterAll(async () => {
  useDeployment(undefined);
  await chat.stop();
});

const freezing = { point: 'environment', action: 'freeze' } as const;

/** Uses every command and most operations. */
async function converse(): Promise<void> {
  const { ann, bob, room, anns, bobs } = await openRoomOfTwo();
  anns.send({ type: 'typing', is_typing: true });
  const { message_id } = await sendMessage(anns, 'hello');
  await bobs.find(like('chat_message', { message: 'hello' }));
  await sendMessage(bobs, 'hi');
  anns.send({ type: 'edit', message_id, content: 'hello again' });
  await bobs.find('message_edited');
  bobs.send({ type: 'read', message_id });
  await anns.find('message_read');
  anns.send({ type: 'delete', message_id });
  await bobs.find('message_deleted');
  anns.send({ type: 'history', before: 3 });
  await readHeads(anns);
  await postMessage(ann, room, 'over HTTP');
  await bobs.find(like('chat_message', { message: 'over HTTP' }));
  await listMessages(bob, room);
  await get(bob, '/chat/rooms/mine/');

  const everywhere = await openWithoutRoom(bob);
  await joinRoom(everywhere, room.room_name);
  everywhere.send({ type: 'auth', token: bob.access });
  everywhere.send({ type: 'leave', room_id: room.room_id });
  const secret = await newPrivateRoom(ann, bob);
  await everywhere.find(like('member_added', { room_id: secret.room_id }));
  await call('DELETE', `/chat/rooms/${secret.room_id}/members/remove/${bob.id}/`, { token: ann.access });
  await everywhere.find(like('member_removed', { room_id: secret.room_id }));
  await addMember(ann, secret, bob);

  await call('DELETE', `/chat/rooms/${room.room_id}/`, { token: ann.access });
  await Promise.all([awaitClose(anns), awaitClose(bobs)]);
  await call('DELETE', '/users/auth/profile/', { token: bob.access, body: { password: bob.password } });
  await everywhere.closed;
}

/** Sends what may fail, without expecting anything of the answers. Ends when work was found that was left behind. */
async function converseDespiteFailures(): Promise<void> {
  const users = await Promise.all([newUser(), newUser()]);
  const room = await newRoom(users[0]);
  await chat.rules.add(
    { point: 'database', action: 'fail', probability: 0.15, status: 400, error: 'ValidationException' },
    { point: 'database', action: 'delay', probability: 0.3, delayMs: 30 },
  );
  const sockets: ChatSocket[] = [];
  for (let round = 1; round <= 10 && left.length === 0; round += 1) {
    for (const user of users) {
      const opened = ChatSocket.open(`/ws/chat/${room.room_name}/`, { token: user.access });
      await opened.then((socket) => sockets.push(socket)).catch(() => undefined);
      await get(user, '/chat/rooms/mine/');
      await call('POST', `/chat/rooms/${room.room_id}/messages/`, {
        token: user.access,
        body: { content: `message ${round}` },
      });
    }
    for (const socket of sockets) socket.send({ type: 'message', content: 'to all', client_id: `c${round}` });
  }
  for (const socket of sockets) socket.socket.terminate();
}

describe('frozen environments', () => {
  it('run nothing after their answers in a whole conversation', async () => {
    await chat.rules.add(freezing);
    await converse();
    const [rule] = await chat.rules.list();
    expect(rule?.fired).toBeGreaterThan(30);
    expect(left).toEqual([]);
  }, 60_000);

  it('run nothing after their answers when requests to the database fail', async () => {
    await chat.rules.add(freezing);
    await converseDespiteFailures();
    const [, failing] = await chat.rules.list();
    expect(failing?.fired).toBeGreaterThan(15);
    expect(left).toEqual([]);
  }, 60_000);

  it('are caught when work that was started together is not waited for after an error', async () => {
    await chat.rebuild([workLeftBehind]);
    await chat.rules.add(freezing);
    await converseDespiteFailures();
    await chat.rebuild([]);
    expect(left.length).toBeGreaterThan(0);
  }, 60_000);
});

describe('a request that hangs', () => {
  it('delays a post by a second, and not by three', async () => {
    const { anns, bobs } = await openRoomOfTwo();
    await chat.rules.add({
      point: 'connections',
      action: 'hang',
      count: 1,
      match: { function: 'message', method: 'POST', contains: 'chat_message' },
    });
    const sentAt = Date.now();
    await sendMessage(anns, 'late');
    await Promise.all([anns, bobs].map((socket) => socket.find(like('chat_message', { message: 'late' }))));
    expect(Date.now() - sentAt).toBeGreaterThan(850);
    expect(Date.now() - sentAt).toBeLessThan(2_500);
    for (const socket of [anns, bobs]) await socket.close();
  });

  it('delays the first token that a function signs, and does not prevent it', async () => {
    const { username, password } = await newUser();
    // The environments that start now have no keys yet.
    await chat.restart();
    await chat.rules.add({ point: 'secrets', action: 'hang', count: 2, match: { function: 'accounts' } });
    const { status } = await call('POST', '/users/auth/login/', { body: { username, password } });
    expect(status).toBe(200);
    expect(await chat.rules.countFired()).toBe(2);
  }, 60_000);
});

it('retries a transaction that is canceled for lack of throughput', async () => {
  const user = await newUser();
  await chat.rules.add({
    point: 'database',
    action: 'fail',
    count: 3,
    status: 400,
    error: 'ProvisionedThroughputExceededException',
    match: { function: 'chat', operation: 'TransactWriteItems' },
  });
  await newRoom(user);
  expect(await chat.rules.countFired()).toBe(3);
});
