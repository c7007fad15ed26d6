/** `user_join` and `user_leave`: once per user, however many sockets come and go. */
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

/** Somebody else comes and goes: what the changes before that have to tell has been told by then. */
async function someoneElsePasses(): Promise<void> {
  const passer = await newUser('passer');
  const socket = await enter(passer);
  await witness.find(joined(passer));
  await socket.close();
  await witness.find(left(passer));
}

const heardAbout = ({ id }: TestUser, socket = witness): string[] =>
  socket.events
    .filter((event: ChatEvent) => ['user_join', 'user_leave'].includes(event.type) && event['user_id'] === id)
    .map(({ type }) => type);

async function present(): Promise<string[]> {
  const socket = await ChatSocket.inRoom(room.room_name, ann.access);
  return socket.ofType('room_users_list')[0]?.['users'].map((user: any) => user.id);
}

test('the others hear who comes and who goes', async () => {
  const socket = await enter(bob);
  const about = { user_id: bob.id, username: bob.username, room_id: room.room_id };
  expect(await witness.next('user_join')).toEqual({ type: 'user_join', ...about });
  expect(await present()).toContain(bob.id);
  await socket.close();
  expect(await witness.next('user_leave')).toEqual({ type: 'user_leave', ...about });
  expect(await present()).not.toContain(bob.id);
});

test('one user with several sockets comes once, and goes with the last', async () => {
  const sockets = [await enter(bob), await enter(bob), await enter(bob)];
  await someoneElsePasses();
  expect(heardAbout(bob)).toEqual(['user_join']);
  const last = sockets.pop();
  for (const socket of sockets) await socket.close();
  await someoneElsePasses();
  expect(heardAbout(bob)).toEqual(['user_join']);
  expect(await present()).toContain(bob.id);
  await last?.close();
  await witness.find(left(bob));
  await someoneElsePasses();
  expect(heardAbout(bob)).toEqual(['user_join', 'user_leave']);
});

test('nobody hears of their own coming and going', async () => {
  const first = await enter(bob);
  const second = await enter(bob);
  await second.close();
  await someoneElsePasses();
  expect(heardAbout(bob, first)).toEqual([]);
});

test('a socket that is cut without a close goes too', async () => {
  const socket = await enter(bob);
  await witness.find(joined(bob));
  socket.socket.terminate();
  expect(await witness.find(left(bob))).toMatchObject({ username: bob.username });
  expect(await present()).not.toContain(bob.id);
});

test('whose sockets are all cut at the same time is gone', async () => {
  const sockets = [await enter(bob), await enter(bob), await enter(bob)];
  for (const { socket } of sockets) socket.terminate();
  await witness.find(left(bob));
  await someoneElsePasses();
  expect(heardAbout(bob).filter((type) => type === 'user_join')).toHaveLength(1);
  expect(heardAbout(bob).at(-1)).toBe('user_leave');
  expect(await present()).not.toContain(bob.id);
});

test('whose sockets all open at the same time is there', async () => {
  await Promise.all([enter(bob), enter(bob), enter(bob)]);
  await witness.find(joined(bob));
  await someoneElsePasses();
  expect(heardAbout(bob)).not.toContain('user_leave');
  expect((await present()).filter((id) => id === bob.id)).toHaveLength(1);
});

test('whoever comes back at once is there, and was never left out at the end', async () => {
  for (let round = 0; round < 5; round += 1) {
    const socket = await enter(bob);
    socket.socket.terminate();
  }
  await enter(bob);
  await someoneElsePasses();
  expect(heardAbout(bob).at(-1)).toBe('user_join');
  expect(await present()).toContain(bob.id);
});

test('whoever opens the new socket before closing the old one never leaves', async () => {
  let socket = await enter(bob);
  for (let round = 0; round < 3; round += 1) {
    const next = await enter(bob);
    await socket.close();
    socket = next;
  }
  await someoneElsePasses();
  expect(heardAbout(bob)).toEqual(['user_join']);
});

test('join and leave on a socket without a room are coming and going', async () => {
  const socket = await openWithoutRoom(bob);
  await someoneElsePasses();
  expect(heardAbout(bob)).toEqual([]);
  await joinRoom(socket, room.room_name);
  await witness.find(joined(bob));
  socket.send({ type: 'leave', room_id: room.room_id });
  await witness.find(left(bob));
  expect(await present()).not.toContain(bob.id);
});

test('a socket in several rooms leaves them all when it ends', async () => {
  const other = await newRoom(ann);
  const otherWitness = await ChatSocket.inRoom(other.room_name, ann.access);
  const socket = await openWithoutRoom(bob);
  await joinRoom(socket, room.room_name);
  await joinRoom(socket, other.room_name);
  await socket.close();
  expect(await witness.find(left(bob))).toMatchObject({ room_id: room.room_id });
  expect(await otherWitness.find(left(bob))).toMatchObject({ room_id: other.room_id });
});

test('presence is told in the room that it is about, and in no other', async () => {
  const other = await newRoom(ann);
  const otherWitness = await ChatSocket.inRoom(other.room_name, ann.access);
  const socket = await enter(bob);
  await witness.find(joined(bob));
  await socket.close();
  await someoneElsePasses();
  expect(heardAbout(bob, otherWitness)).toEqual([]);
});
