/** Notifications of a user on sockets without a room: being added to a room, and new direct rooms. */
import { beforeEach, expect, test } from 'vitest';
import { ChatSocket, like } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { isoTime, joinRoom, openWithoutRoom, sendMessage } from '../../kit/room-sockets.ts';
import { addMember, newPrivateRoom, newRoom } from '../../kit/rooms.ts';
import { newUser, newUsers, type TestUser } from '../../kit/users.ts';

let ann: TestUser;
let bob: TestUser;
let bobs: ChatSocket;

beforeEach(async () => {
  [ann, bob] = (await newUsers(2)) as [TestUser, TestUser];
  bobs = await openWithoutRoom(bob);
});

const direct = async (from: TestUser, to: TestUser) =>
  (await call('GET', `/chat/dm/${to.id}`, { token: from.access })).body;

test('a user who is added to a private room is notified with the room', async () => {
  const room = await newPrivateRoom(ann);
  await addMember(ann, room, bob);
  expect(await bobs.next('member_added')).toEqual({
    type: 'member_added',
    room_id: room.room_id,
    seq: 1,
    member: {
      id: bob.id,
      username: bob.username,
      role: 'member',
      joined_at: expect.stringMatching(isoTime),
      last_read_message_id: null,
    },
    room: { ...room, member_count: 2 },
  });
});

test('every socket of that user without a room is notified', async () => {
  const other = await openWithoutRoom(bob);
  const room = await newPrivateRoom(ann, bob);
  for (const socket of [bobs, other]) {
    expect(await socket.next('member_added')).toMatchObject({ room_id: room.room_id });
  }
});

test('a socket that was opened for one room receives the events of that room only', async () => {
  const single = await ChatSocket.inRoom((await newRoom(bob)).room_name, bob.access);
  const room = await newPrivateRoom(ann, bob);
  await bobs.next(like('member_added', { room_id: room.room_id }));
  await sendMessage(single, 'marker');
  expect(single.ofType('member_added')).toEqual([]);
});

test('the sockets in the room are notified too', async () => {
  const room = await newPrivateRoom(ann);
  const anns = await ChatSocket.inRoom(room.room_name, ann.access);
  await addMember(ann, room, bob);
  expect(await anns.next('member_added')).toMatchObject({
    room_id: room.room_id,
    seq: 1,
    member: { id: bob.id, username: bob.username },
  });
});

test('no other user is notified', async () => {
  const carl = await newUser('carl');
  const carls = await openWithoutRoom(carl);
  const room = await newPrivateRoom(ann, bob);
  await bobs.next(like('member_added', { room_id: room.room_id }));
  const own = await newPrivateRoom(ann, carl);
  await carls.next(like('member_added', { room_id: own.room_id }));
  expect(carls.ofType('member_added')).toHaveLength(1);
});

test('the other user of a new direct room is notified and can join it', async () => {
  const room = await direct(ann, bob);
  const news = await bobs.next('member_added');
  expect(news).toMatchObject({
    room_id: room.room_id,
    member: { id: bob.id },
    room: { room_id: room.room_id, is_direct: true, peer: { id: ann.id, username: ann.username } },
  });
  await joinRoom(bobs, news['room'].room_name);
  const anns = await ChatSocket.inRoom(room.room_name, ann.access);
  await sendMessage(anns, 'hello, Bob');
  expect(await bobs.find(like('chat_message', { message: 'hello, Bob' }))).toMatchObject({
    room_id: room.room_id,
    sender_id: ann.id,
  });
});

test('a direct room is announced when it is created, not each time it is opened', async () => {
  const room = await direct(ann, bob);
  await bobs.next(like('member_added', { room_id: room.room_id }));
  expect(await direct(ann, bob)).toMatchObject({ room_id: room.room_id });
  expect(await direct(bob, ann)).toMatchObject({ room_id: room.room_id });
  const marker = await newPrivateRoom(ann, bob);
  await bobs.next(like('member_added', { room_id: marker.room_id }));
  expect(bobs.ofType('member_added')).toHaveLength(2);
});

test('a message in a room that the socket has not joined is not received', async () => {
  const room = await newPrivateRoom(ann, bob);
  await bobs.next('member_added');
  const anns = await ChatSocket.inRoom(room.room_name, ann.access);
  await sendMessage(anns, 'is anybody here?');
  const marker = await newPrivateRoom(ann, bob);
  await bobs.next(like('member_added', { room_id: marker.room_id }));
  expect(bobs.ofType('chat_message')).toEqual([]);
});
