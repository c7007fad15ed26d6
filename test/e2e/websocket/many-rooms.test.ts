/** Sockets in several rooms: `join`, `leave`, and commands that name their room. */
import { beforeEach, expect, test } from 'vitest';
import { ChatSocket, like } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import {
  awaitEntries,
  expectError,
  joinRoom,
  openWithoutRoom,
  readHeads,
  sendMessage,
} from '../../kit/room-sockets.ts';
import { newPrivateRoom, newRoom, postMessage } from '../../kit/rooms.ts';
import { newUsers, type TestUser } from '../../kit/users.ts';

let ann: TestUser;
let bob: TestUser;
let red: any;
let blue: any;
let socket: ChatSocket;

beforeEach(async () => {
  [ann, bob] = (await newUsers(2)) as [TestUser, TestUser];
  [red, blue] = await Promise.all([newRoom(bob), newRoom(bob)]);
  socket = await openWithoutRoom(ann);
});

const withoutTime = (events: object[]) => events.map((event) => ({ ...event, server_time: undefined }));

test('join is answered with the same welcome as opening the room', async () => {
  const witness = await ChatSocket.inRoom(red.room_name, bob.access);
  await sendMessage(witness, 'hello');
  await awaitEntries(witness, 1);
  const direct = await ChatSocket.inRoom(red.room_name, ann.access);
  const from = socket.events.length;
  await joinRoom(socket, red.room_name);
  expect(withoutTime(socket.events.slice(from))).toEqual(withoutTime(direct.events));
});

test('join accepts history and after', async () => {
  const witness = await ChatSocket.inRoom(red.room_name, bob.access);
  for (const content of ['one', 'two', 'three']) await sendMessage(witness, content);
  await awaitEntries(witness, 3);
  await joinRoom(socket, red.room_name, { history: 1 });
  expect(socket.ofType('chat_message').map((event) => event['seq'])).toEqual([3]);
  const other = await openWithoutRoom(ann);
  await joinRoom(other, red.room_name, { after: 1 });
  expect(other.ofType('chat_message').map((event) => event['seq'])).toEqual([2, 3]);
});

test('join with create false refuses a name that no room has, creates nothing, and opens a room that exists', async () => {
  const name = uniqueName('mistyped');
  for (const _ of [1, 2]) {
    const error = await expectError(socket, { type: 'join', room: name, create: false });
    expect(error).toMatchObject({ name: 'not_found', error: expect.stringContaining('Check the name') });
  }
  await joinRoom(socket, red.room_name, { create: false });
});

test('join creates a public room that does not exist', async () => {
  const name = uniqueName('made');
  await joinRoom(socket, name);
  const made = await call('GET', `/chat/rooms/${socket.ofType('ready').at(-1)?.['room_id']}/`, {
    token: bob.access,
  });
  expect(made).toMatchObject({ status: 200, body: { room_name: name, creator_id: ann.id } });
});

test('a command requires room_id on a socket in several rooms, but not in one', async () => {
  await joinRoom(socket, red.room_name);
  expect(await sendMessage(socket, 'only here')).toMatchObject({ room_id: red.room_id });
  await joinRoom(socket, blue.room_name);
  for (const frame of [{ message: 'where?' }, { type: 'typing', is_typing: true }, { type: 'history' }]) {
    expect(await expectError(socket, frame)).toMatchObject({ code: 4005, name: 'invalid_frame' });
  }
  expect(await sendMessage(socket, 'here', { room_id: blue.room_id })).toMatchObject({
    room_id: blue.room_id,
    seq: 1,
  });
  socket.send({ message: 'the short form', room_id: red.room_id });
  expect(await socket.find(like('ack', { room_id: red.room_id, seq: 2 }))).toMatchObject({
    duplicate: false,
  });
});

test('a socket receives the events of all rooms that it joined, and of no other', async () => {
  await joinRoom(socket, red.room_name);
  await joinRoom(socket, blue.room_name);
  const silent = await newRoom(bob);
  await postMessage(bob, silent, 'not delivered here');
  await postMessage(bob, red, 'to red');
  await postMessage(bob, blue, 'to blue');
  await socket.find(like('chat_message', { message: 'to red', room_id: red.room_id }));
  await socket.find(like('chat_message', { message: 'to blue', room_id: blue.room_id }));
  expect(socket.ofType('chat_message')).toHaveLength(2);
});

test('a command before the first join is refused', async () => {
  expect(await expectError(socket, { message: 'where am I?' })).toMatchObject({ code: 4005 });
  const error = await expectError(socket, { message: 'there', room_id: red.room_id });
  expect(error).toMatchObject({ code: 4004, name: 'not_found' });
});

test('a socket that has left a room receives nothing from it and cannot send to it', async () => {
  const bobs = await ChatSocket.inRoom(red.room_name, bob.access);
  await joinRoom(socket, red.room_name);
  await joinRoom(socket, blue.room_name);
  socket.send({ type: 'leave', room_id: red.room_id });
  await bobs.next(like('user_leave', { user_id: ann.id }));
  await sendMessage(bobs, 'are you still there?');
  await postMessage(bob, blue, 'marker');
  await socket.find(like('chat_message', { message: 'marker' }));
  expect(socket.ofType('chat_message').map((event) => event['message'])).toEqual(['marker']);
  const error = await expectError(socket, { message: 'yes', room_id: red.room_id });
  expect(error).toMatchObject({ code: 4004, name: 'not_found' });
  expect(Object.keys(await readHeads(socket))).toEqual([blue.room_id]);
});

test('answers carry the ref of their command: ready and history_end of join, left of leave', async () => {
  socket.send({ type: 'join', room: red.room_name, ref: 'by name' });
  expect(await socket.next('ready')).toMatchObject({ room_id: red.room_id, ref: 'by name' });
  expect(await socket.next('history_end')).toMatchObject({ ref: 'by name' });
  socket.send({ type: 'join', room_id: blue.room_id.toUpperCase(), ref: 'by id' });
  expect(await socket.next('ready')).toMatchObject({ room_id: blue.room_id, ref: 'by id' });
  await socket.next('history_end');
  socket.send({ type: 'history', room_id: blue.room_id, ref: 'page' });
  expect(await socket.next('history_end')).toMatchObject({ ref: 'page' });
  for (const ref of ['first', 'again']) {
    socket.send({ type: 'leave', room_id: red.room_id, ref });
    expect(await socket.next('left')).toEqual({ type: 'left', room_id: red.room_id, ref });
  }
});

test('join by room_id never creates a room and refuses a room beside it', async () => {
  const room_id = crypto.randomUUID();
  expect(await expectError(socket, { type: 'join', room_id })).toMatchObject({
    code: 4004,
    name: 'not_found',
  });
  const both = { type: 'join', room: red.room_name, room_id: red.room_id };
  for (const frame of [both, { type: 'join' }]) {
    expect(await expectError(socket, frame)).toMatchObject({ code: 4005, name: 'invalid_frame' });
  }
  expect(await readHeads(socket)).toEqual({});
});

test('a socket can leave and join a room again, and its user stays a member', async () => {
  const bobs = await ChatSocket.inRoom(red.room_name, bob.access);
  await joinRoom(socket, red.room_name);
  socket.send({ type: 'leave', room_id: red.room_id });
  await bobs.next(like('user_leave', { user_id: ann.id }));
  await joinRoom(socket, red.room_name);
  await bobs.next(like('user_join', { user_id: ann.id }));
  expect(await sendMessage(socket, 'back')).toMatchObject({ room_id: red.room_id });
});

test('joining a room twice sends two welcomes, and every event once', async () => {
  await joinRoom(socket, red.room_name);
  await joinRoom(socket, red.room_name);
  await postMessage(bob, red, 'once');
  await postMessage(bob, red, 'marker');
  await socket.find(like('chat_message', { message: 'marker' }));
  expect(socket.ofType('chat_message').filter((event) => event['message'] === 'once')).toHaveLength(1);
});

test('join opens a private room for its members only', async () => {
  const [secret, shared] = [await newPrivateRoom(bob), await newPrivateRoom(bob, ann)];
  const error = await expectError(socket, { type: 'join', room: secret.room_name });
  expect(error).toMatchObject({ code: 4003, name: 'forbidden', retryable: false });
  await joinRoom(socket, shared.room_name);
  expect(Object.keys(await readHeads(socket))).toEqual([shared.room_id]);
});

test('join does not create dm_ rooms', async () => {
  const error = await expectError(socket, { type: 'join', room: `dm_${uniqueName()}` });
  expect(error).toMatchObject({ code: 4004, name: 'not_found' });
});

test.each([
  ['join', () => ({ type: 'join', room: blue.room_name })],
  ['leave', () => ({ type: 'leave', room_id: red.room_id })],
])('%s is refused on a socket that was opened for a room', async (_, frame) => {
  const single = await ChatSocket.inRoom(red.room_name, ann.access);
  expect(await expectError(single, frame())).toMatchObject({ code: 4003, name: 'forbidden' });
  expect(Object.keys(await readHeads(single))).toEqual([red.room_id]);
});
