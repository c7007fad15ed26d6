/** Marking messages as unread reaches the user's own sockets, and those of no other user. */
import { beforeEach, expect, test } from 'vitest';
import { ChatSocket, like } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { openWithoutRoom, readHeads } from '../../kit/room-sockets.ts';
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
  bobs.send({ type: 'read', message_id: messages[2].message_id });
  await anns.next('message_read');
});

const mark = (user: TestUser, index: number, action = 'unread') =>
  call('POST', `/chat/rooms/${room.room_id}/${action}/`, {
    token: user.access,
    body: { message_id: messages[index].message_id },
  });

const unreadRooms = async (user: TestUser) =>
  (await call('GET', '/chat/unread/', { token: user.access })).body;

test('all sockets of the user that the room concerns receive message_unread, and those of others nothing', async () => {
  const [device, stranger] = [await openWithoutRoom(bob), await openWithoutRoom(ann)];
  const other = await newRoom(bob);
  const elsewhere = await ChatSocket.inRoom(other.room_name, bob.access);
  const state = { last_read_message_id: messages[0].message_id, unread_count: 2 };
  expect(await mark(bob, 1)).toMatchObject({ status: 200, body: state });
  const expected = {
    type: 'message_unread',
    room_id: room.room_id,
    message_id: messages[0].message_id,
    unread_count: 2,
  };
  expect(await bobs.next('message_unread')).toEqual(expected);
  expect(await device.next('message_unread')).toEqual(expected);
  // A later event on each of the other sockets shows that they received none before.
  await mark(ann, 2, 'read');
  await bobs.find(like('message_read', { user_id: ann.id }));
  await readHeads(elsewhere);
  for (const socket of [anns, stranger, elsewhere]) expect(socket.ofType('message_unread')).toEqual([]);
});

test('the first message can be marked as unread, and lists and counts follow', async () => {
  expect(await unreadRooms(bob)).toEqual({ total: 0, rooms: [] });
  expect((await mark(bob, 0)).body).toEqual({ last_read_message_id: null, unread_count: 3 });
  expect(await bobs.next('message_unread')).toMatchObject({ message_id: null, unread_count: 3 });
  expect(await unreadRooms(bob)).toEqual({ total: 3, rooms: [{ room_id: room.room_id, unread_count: 3 }] });
  const mine = await call('GET', '/chat/rooms/mine/', { token: bob.access });
  expect(mine.body).toMatchObject([{ unread_count: 3, last_read_message_id: null }]);
});

test('reading again what others know as read reaches the user’s own sockets alone', async () => {
  const readers = () => call('GET', `/chat/rooms/${room.room_id}/read/`, { token: ann.access });
  const before = (await readers()).body;
  await mark(bob, 0);
  await bobs.next('message_unread');
  await mark(bob, 1, 'read');
  expect(await bobs.find(like('message_read', { message_id: messages[1].message_id }))).toBeDefined();
  expect((await readers()).body).toEqual(before);
  messages.push(await postMessage(ann, room, 'four'));
  await mark(bob, 3, 'read');
  await anns.find(like('message_read', { message_id: messages[3].message_id }));
  expect(anns.ofType('message_read').map((event) => event['message_id'])).toEqual([
    messages[2].message_id,
    messages[3].message_id,
  ]);
});

test('an inbox of the user shows the new count', async () => {
  const inbox = await ChatSocket.open('/ws/chat/?inbox=1', { token: bob.access });
  await inbox.next('ready');
  await mark(bob, 1);
  expect(await inbox.next('message_unread')).toMatchObject({ unread_count: 2 });
  expect(await inbox.next('room_activity')).toMatchObject({ room_id: room.room_id, unread_count: 2 });
});
