/** `ping` with its heads, and `auth` with a new token before the old one expires. */
import { beforeEach, describe, expect, test } from 'vitest';
import { ChatSocket, like } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { isoTime, joinRoom, openWithoutRoom, readHeads, sendMessage } from '../../kit/room-sockets.ts';
import { newRoom, postMessage } from '../../kit/rooms.ts';
import { login, newUsers, type TestUser } from '../../kit/users.ts';

let ann: TestUser;
let bob: TestUser;

beforeEach(async () => {
  [ann, bob] = (await newUsers(2)) as [TestUser, TestUser];
});

describe('ping', () => {
  test('is answered with the last seq of the room', async () => {
    const room = await newRoom(ann);
    const socket = await ChatSocket.inRoom(room.room_name, ann.access);
    const pong = async () => {
      socket.send({ type: 'ping' });
      return socket.next('pong');
    };
    expect(await pong()).toEqual({
      type: 'pong',
      heads: { [room.room_id]: 0 },
      server_time: expect.stringMatching(isoTime),
    });
    await sendMessage(socket, 'one');
    const { message_id } = await sendMessage(socket, 'two');
    socket.send({ type: 'delete', message_id });
    await socket.find('message_deleted');
    expect(await pong()).toMatchObject({ heads: { [room.room_id]: 3 } });
  });

  test('is answered with every room of the socket, and with none on a socket without rooms', async () => {
    const [red, blue] = await Promise.all([newRoom(ann), newRoom(ann)]);
    await postMessage(ann, blue, 'hi');
    const socket = await openWithoutRoom(ann);
    expect(await readHeads(socket)).toEqual({});
    await joinRoom(socket, red.room_name);
    await joinRoom(socket, blue.room_name);
    expect(await readHeads(socket)).toEqual({ [red.room_id]: 0, [blue.room_id]: 1 });
  });

  test('shows a client that it missed entries, which history then returns', async () => {
    const room = await newRoom(ann);
    const socket = await ChatSocket.inRoom(room.room_name, ann.access);
    for (const content of ['one', 'two']) await postMessage(bob, room, content);
    expect(await readHeads(socket)).toEqual({ [room.room_id]: 2 });
    socket.send({ type: 'history', after: 0 });
    await socket.next(like('history_end', { head: 2 }));
    expect(new Set(socket.ofType('chat_message').map((event) => event['seq']))).toEqual(new Set([1, 2]));
  });
});

describe('auth', () => {
  test('accepts a new token of the same user and keeps the socket open', async () => {
    const room = await newRoom(ann);
    const socket = await ChatSocket.inRoom(room.room_name, ann.access);
    const { body } = await call('POST', '/users/token/refresh/', { body: { refresh: ann.refresh } });
    const second = await login(ann.username, ann.password);
    for (const token of [body.access, second.access]) {
      socket.send({ type: 'auth', token });
      expect(await readHeads(socket)).toEqual({ [room.room_id]: 0 });
    }
    await sendMessage(socket, 'still here');
    expect(socket.ofType('error')).toEqual([]);
  });

  test.each<[string, () => string]>([
    ['another user’s token', () => bob.access],
    ['a refresh token', () => ann.refresh],
    ['a word', () => 'nothing'],
  ])('refuses %s with 4001', async (_, token) => {
    const room = await newRoom(ann);
    const socket = await ChatSocket.inRoom(room.room_name, ann.access);
    socket.send({ type: 'auth', token: token(), ref: 'a1' });
    expect(await socket.next('error')).toMatchObject({
      code: 4001,
      name: 'unauthorized',
      retryable: false,
      ref: 'a1',
    });
    // The token with which the socket was opened is still valid.
    await sendMessage(socket, 'still here');
  });

  test('never changes the user of the socket', async () => {
    const room = await newRoom(ann);
    const socket = await ChatSocket.inRoom(room.room_name, ann.access);
    const witness = await ChatSocket.inRoom(room.room_name, bob.access);
    socket.send({ type: 'auth', token: bob.access });
    await socket.next('error');
    socket.send({ message: 'who am I?' });
    await witness.next((event) => event.type === 'user_leave' || event.type === 'chat_message');
    for (const event of witness.ofType('chat_message')) expect(event['sender_id']).toBe(ann.id);
  });
});
