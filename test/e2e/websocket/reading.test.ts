/** `read` moves the read marker forward, and `message_read` notifies the room and the reader's other devices. */
import { beforeEach, expect, test } from 'vitest';
import { ChatSocket, like } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { isoTime, openWithoutRoom, readHeads } from '../../kit/room-sockets.ts';
import { newRoom, postMessage } from '../../kit/rooms.ts';
import { newUsers, type TestUser } from '../../kit/users.ts';

let ann: TestUser;
let bob: TestUser;
let room: any;
let messages: any[];
let anns: ChatSocket;
let bobs: ChatSocket;

beforeEach(async () => {
  [ann, bob] = (await newUsers(2)) as [TestUser, TestUser];
  room = await newRoom(ann);
  messages = [];
  for (const content of ['one', 'two', 'three']) messages.push(await postMessage(ann, room, content));
  anns = await ChatSocket.inRoom(room.room_name, ann.access);
  bobs = await ChatSocket.inRoom(room.room_name, bob.access);
});

async function readers() {
  const { body } = await call('GET', `/chat/rooms/${room.room_id}/read/`, { token: ann.access });
  return body as any[];
}

test('everyone in the room receives message_read, including the reader', async () => {
  const { message_id } = messages[1];
  bobs.send({ type: 'read', message_id });
  const expected = {
    type: 'message_read',
    room_id: room.room_id,
    user_id: bob.id,
    username: bob.username,
    message_id,
    read_at: expect.stringMatching(isoTime),
  };
  expect(await anns.next('message_read')).toEqual(expected);
  expect(await bobs.next('message_read')).toEqual(expected);
});

test('sockets without a room receive message_read if they are the reader’s, and not otherwise', async () => {
  const [device, stranger] = [await openWithoutRoom(bob), await openWithoutRoom(ann)];
  bobs.send({ type: 'read', message_id: messages[2].message_id });
  expect(await device.next('message_read')).toMatchObject({
    room_id: room.room_id,
    user_id: bob.id,
    message_id: messages[2].message_id,
  });
  await anns.next('message_read');
  await call('POST', `/chat/rooms/${room.room_id}/read/`, {
    token: ann.access,
    body: { message_id: messages[0].message_id },
  });
  expect(await stranger.next('message_read')).toMatchObject({ user_id: ann.id });
});

test('read updates the list of readers and the unread count', async () => {
  bobs.send({ type: 'read', message_id: messages[1].message_id });
  const { read_at } = await anns.next('message_read');
  expect(await readers()).toContainEqual({
    user_id: bob.id,
    username: bob.username,
    last_read_message_id: messages[1].message_id,
    read_at,
  });
  const mine = await call('GET', '/chat/rooms/mine/', { token: bob.access });
  expect(mine.body).toMatchObject([
    { room_id: room.room_id, unread_count: 1, last_read_message_id: messages[1].message_id },
  ]);
});

test('the read marker never moves back', async () => {
  bobs.send({ type: 'read', message_id: messages[2].message_id });
  await anns.next('message_read');
  bobs.send({ type: 'read', message_id: messages[0].message_id });
  await readHeads(bobs);
  const answer = await call('POST', `/chat/rooms/${room.room_id}/read/`, {
    token: bob.access,
    body: { message_id: messages[0].message_id },
  });
  expect(answer).toMatchObject({
    status: 200,
    body: { last_read_message_id: messages[2].message_id, unread_count: 0 },
  });
  anns.send({ type: 'read', message_id: messages[2].message_id });
  await bobs.find(like('message_read', { user_id: ann.id }));
  const told = anns.ofType('message_read').filter((event) => event['user_id'] === bob.id);
  expect(told.map((event) => event['message_id'])).toEqual([messages[2].message_id]);
});

test('read takes no seq of the room', async () => {
  bobs.send({ type: 'read', message_id: messages[0].message_id });
  await anns.next('message_read');
  expect(await readHeads(anns)).toEqual({ [room.room_id]: 3 });
});

test('a read marker set over HTTP reaches the sockets too', async () => {
  await call('POST', `/chat/rooms/${room.room_id}/read/`, {
    token: bob.access,
    body: { message_id: messages[1].message_id },
  });
  expect(await anns.next('message_read')).toMatchObject({
    user_id: bob.id,
    message_id: messages[1].message_id,
  });
});
