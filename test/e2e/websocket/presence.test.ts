/** `user_join` and `user_leave` are published once per user, however many sockets they open and close. */
import { beforeEach, expect, test } from 'vitest';
import { ChatSocket, like, type ChatEvent } from '../../kit/chat-socket.ts';
import { joinRoom, openWithoutRoom } from '../../kit/room-sockets.ts';
import { newRoom } from '../../kit/rooms.ts';
import { newUser, newUsers, type TestUser } from '../../kit/users.ts';

let ann: TestUser;
let bob: TestUser;
let room: any;
let witness: ChatSocket;

beforeEach(async () => {
  [ann, bob] = (await newUsers(2)) as [TestUser, TestUser];
  room = await newRoom(ann);
  witness = await ChatSocket.inRoom(room.room_name, ann.access);
});

const enter = ({ access }: TestUser) => ChatSocket.inRoom(room.room_name, access);
const left = ({ id }: TestUser) => like('user_leave', { user_id: id });
const joined = ({ id }: TestUser) => like('user_join', { user_id: id });

/** Lets another user join and leave, after which the events of all earlier changes have arrived. */
async function letOtherUserPass(): Promise<void> {
  const passer = await newUser('passer');
  const socket = await enter(passer);
  await witness.find(joined(passer));
  await socket.close();
  await witness.find(left(passer));
}

const presenceEventsOf = ({ id }: TestUser, socket = witness): string[] =>
  socket.events
    .filter((event: ChatEvent) => ['user_join', 'user_leave'].includes(event.type) && event['user_id'] === id)
    .map(({ type }) => type);

async function present(): Promise<string[]> {
  const socket = await ChatSocket.inRoom(room.room_name, ann.access);
  return socket.ofType('room_users_list')[0]?.['users'].map((user: any) => user.id);
}

test('the other users receive user_join and user_leave', async () => {
  const socket = await enter(bob);
  const about = { user_id: bob.id, username: bob.username, room_id: room.room_id };
  expect(await witness.next('user_join')).toEqual({ type: 'user_join', ...about });
  expect(await present()).toContain(bob.id);
  await socket.close();
  expect(await witness.next('user_leave')).toEqual({ type: 'user_leave', ...about });
  expect(await present()).not.toContain(bob.id);
});

test('a user with several sockets joins with the first and leaves with the last', async () => {
  const sockets = [await enter(bob), await enter(bob), await enter(bob)];
  await letOtherUserPass();
  expect(presenceEventsOf(bob)).toEqual(['user_join']);
  const last = sockets.pop();
  for (const socket of sockets) await socket.close();
  await letOtherUserPass();
  expect(presenceEventsOf(bob)).toEqual(['user_join']);
  expect(await present()).toContain(bob.id);
  await last?.close();
  await witness.find(left(bob));
  await letOtherUserPass();
  expect(presenceEventsOf(bob)).toEqual(['user_join', 'user_leave']);
});

test('no user receives their own user_join and user_leave', async () => {
  const first = await enter(bob);
  const second = await enter(bob);
  await second.close();
  await letOtherUserPass();
  expect(presenceEventsOf(bob, first)).toEqual([]);
});

test('a user leaves when their socket is cut without a closing handshake', async () => {
  const socket = await enter(bob);
  await witness.find(joined(bob));
  socket.socket.terminate();
  expect(await witness.find(left(bob))).toMatchObject({ username: bob.username });
  expect(await present()).not.toContain(bob.id);
});

test('a user leaves when all their sockets are cut at the same time', async () => {
  const sockets = [await enter(bob), await enter(bob), await enter(bob)];
  for (const { socket } of sockets) socket.terminate();
  await witness.find(left(bob));
  await letOtherUserPass();
  expect(presenceEventsOf(bob).filter((type) => type === 'user_join')).toHaveLength(1);
  expect(presenceEventsOf(bob).at(-1)).toBe('user_leave');
  expect(await present()).not.toContain(bob.id);
});

test('a user is present when all their sockets open at the same time', async () => {
  await Promise.all([enter(bob), enter(bob), enter(bob)]);
  await witness.find(joined(bob));
  await letOtherUserPass();
  expect(presenceEventsOf(bob)).not.toContain('user_leave');
  expect((await present()).filter((id) => id === bob.id)).toHaveLength(1);
});

test('a user who reconnects at once is present in the end', async () => {
  for (let round = 0; round < 5; round += 1) {
    const socket = await enter(bob);
    socket.socket.terminate();
  }
  await enter(bob);
  await letOtherUserPass();
  expect(presenceEventsOf(bob).at(-1)).toBe('user_join');
  expect(await present()).toContain(bob.id);
});

test('a user who opens a new socket before closing the old one never leaves', async () => {
  let socket = await enter(bob);
  for (let round = 0; round < 3; round += 1) {
    const next = await enter(bob);
    await socket.close();
    socket = next;
  }
  await letOtherUserPass();
  expect(presenceEventsOf(bob)).toEqual(['user_join']);
});

test('join and leave on a socket without a room publish user_join and user_leave', async () => {
  const socket = await openWithoutRoom(bob);
  await letOtherUserPass();
  expect(presenceEventsOf(bob)).toEqual([]);
  await joinRoom(socket, room.room_name);
  await witness.find(joined(bob));
  socket.send({ type: 'leave', room_id: room.room_id });
  await witness.find(left(bob));
  expect(await present()).not.toContain(bob.id);
});

test('a socket in several rooms leaves all of them when it closes', async () => {
  const other = await newRoom(ann);
  const otherWitness = await ChatSocket.inRoom(other.room_name, ann.access);
  const socket = await openWithoutRoom(bob);
  await joinRoom(socket, room.room_name);
  await joinRoom(socket, other.room_name);
  await socket.close();
  expect(await witness.find(left(bob))).toMatchObject({ room_id: room.room_id });
  expect(await otherWitness.find(left(bob))).toMatchObject({ room_id: other.room_id });
});

test('presence is published in its own room only', async () => {
  const other = await newRoom(ann);
  const otherWitness = await ChatSocket.inRoom(other.room_name, ann.access);
  const socket = await enter(bob);
  await witness.find(joined(bob));
  await socket.close();
  await letOtherUserPass();
  expect(presenceEventsOf(bob, otherWitness)).toEqual([]);
});
