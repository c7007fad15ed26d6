/** Signing out closes the sockets of the session with 4001 and keeps those of other sessions. */
import { beforeEach, expect, test } from 'vitest';
import { ChatSocket, like, type HandshakeRefused } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import type { Answer } from '../../kit/request.ts';
import { awaitClose, readHeads, sendMessage } from '../../kit/room-sockets.ts';
import { newRoom, postMessage } from '../../kit/rooms.ts';
import { login, newUsers, type TestUser } from '../../kit/users.ts';
import { sessionOf } from '../http/operation-cases.ts';

let ann: TestUser;
let bob: TestUser;
let room: any;

beforeEach(async () => {
  [ann, bob] = (await newUsers(2)) as [TestUser, TestUser];
  room = await newRoom(bob);
});

async function signOut({ refresh, access }: { refresh: string; access: string }): Promise<void> {
  const answer = await call('POST', '/users/auth/logout/', { token: access, body: { refresh } });
  expect(answer.status).toBe(204);
}

test('every socket of the session closes within five seconds, in a room or not', async () => {
  const sockets = [
    await ChatSocket.inRoom(room.room_name, ann.access),
    await ChatSocket.open('/ws/chat/', { token: ann.access }),
  ];
  await sockets[1]?.next('ready');
  await signOut(ann);
  for (const socket of sockets) {
    expect(await awaitClose(socket)).toMatchObject({ code: 4001, reconnect: false });
  }
});

test('messages sent after the sign-out was answered are not received', async () => {
  const anns = await ChatSocket.inRoom(room.room_name, ann.access);
  const bobs = await ChatSocket.inRoom(room.room_name, bob.access);
  await signOut(ann);
  const { message_id } = await postMessage(bob, room, 'after the end');
  await bobs.find(like('chat_message', { message_id }));
  await awaitClose(anns);
  expect(anns.ofType('chat_message')).toEqual([]);
});

test('the other users receive user_leave', async () => {
  const bobs = await ChatSocket.inRoom(room.room_name, bob.access);
  await ChatSocket.inRoom(room.room_name, ann.access);
  await bobs.find(like('user_join', { user_id: ann.id }));
  await signOut(ann);
  expect(await bobs.find('user_leave')).toMatchObject({ user_id: ann.id, room_id: room.room_id });
});

/** Returns the close code of a socket, or the one that corresponds to the status of a refused handshake. */
async function outcomeOf(path: string): Promise<{ code: number; said: number }> {
  const status = await ChatSocket.open(path).catch((error: unknown) => error);
  if (!(status instanceof ChatSocket)) return { code: (status as HandshakeRefused).status + 3_600, said: 0 };
  const { code } = await awaitClose(status);
  return { code, said: status.ofType('chat_message').length };
}

test('the access token and the tickets of the session open no socket afterwards', async () => {
  const { body } = await call('POST', '/chat/ws-ticket/', { token: ann.access, body: {} });
  await signOut(ann);
  await postMessage(bob, room, 'after the end');
  for (const query of [`token=${ann.access}`, `ticket=${body.ticket}`]) {
    const outcome = await outcomeOf(`/ws/chat/${room.room_name}/?${query}`);
    expect(outcome).toEqual({ code: 4001, said: 0 });
  }
});

test('a socket that was opened with a ticket of the session closes too', async () => {
  const { body } = await call('POST', '/chat/ws-ticket/', { token: ann.access, body: {} });
  const socket = await ChatSocket.open(`/ws/chat/${room.room_name}/?ticket=${body.ticket}`);
  await socket.next('history_end');
  await signOut(ann);
  expect(await awaitClose(socket)).toMatchObject({ code: 4001 });
});

test('the sockets of another session of the same user stay open', async () => {
  const second = await login(ann.username, ann.password);
  const first = await ChatSocket.inRoom(room.room_name, ann.access);
  const other = await ChatSocket.inRoom(room.room_name, second.access);
  await signOut(ann);
  await awaitClose(first);
  await sendMessage(other, 'I am still here');
  expect(await readHeads(other)).toEqual({ [room.room_id]: 1 });
  expect(other.ofType('close')).toEqual([]);
});

/** Opens sockets of two sessions of ann: the one that sends the request, and another one that it ends. */
async function socketsOfTwoSessions() {
  const other = { ...ann, ...(await login(ann.username, ann.password)) };
  const here = await ChatSocket.inRoom(room.room_name, ann.access);
  const there = [
    await ChatSocket.inRoom(room.room_name, other.access),
    await ChatSocket.open('/ws/chat/', { token: other.access }),
  ];
  await there[1]?.next('ready');
  return { here, there, other };
}

const endings: [string, (other: TestUser) => Promise<Answer>][] = [
  [
    'a session that another session ends',
    (other) => call('DELETE', `/users/auth/sessions/${sessionOf(other)}/`, { token: ann.access }),
  ],
  [
    'every other session after a change of the password',
    () =>
      call('POST', '/users/auth/password/', {
        token: ann.access,
        body: { old_password: ann.password, new_password: 'thimble-gravel-58' },
      }),
  ],
];

test.each(endings)(
  'the sockets of %s close within five seconds, and those of the requesting session stay open',
  async (_, end) => {
    const { here, there, other } = await socketsOfTwoSessions();
    expect((await end(other)).status).toBe(204);
    const { message_id } = await postMessage(bob, room, 'after the end');
    for (const socket of there) {
      expect(await awaitClose(socket)).toMatchObject({ code: 4001, reconnect: false });
      expect(socket.ofType('chat_message')).toEqual([]);
    }
    await here.find(like('chat_message', { message_id }));
    await sendMessage(here, 'I am still here');
    expect(here.ofType('close')).toEqual([]);
  },
);

test('signing out everywhere closes the sockets of all sessions', async () => {
  const { here, there } = await socketsOfTwoSessions();
  expect((await call('DELETE', '/users/auth/sessions/', { token: ann.access })).status).toBe(204);
  for (const socket of [here, ...there]) expect(await awaitClose(socket)).toMatchObject({ code: 4001 });
});

test('reusing a refresh token closes the sockets of its session', async () => {
  const refresh = (token: string) => call('POST', '/users/token/refresh/', { body: { refresh: token } });
  const socket = await ChatSocket.inRoom(room.room_name, ann.access);
  const second = (await refresh(ann.refresh)).body;
  await refresh(second.refresh);
  expect((await refresh(ann.refresh)).status).toBe(401);
  expect(await awaitClose(socket)).toMatchObject({ code: 4001 });
  expect(await ChatSocket.refusal('/ws/chat/', { token: second.access })).toBe(401);
});
