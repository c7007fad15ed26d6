/** The addresses that open a socket: by path, by query or without a room; and rooms created by opening them. */
import { beforeAll, expect, test } from 'vitest';
import { ChatSocket } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import { newPrivateRoom, newRoom } from '../../kit/rooms.ts';
import { newUser, newUsers, type TestUser } from '../../kit/users.ts';

let ann: TestUser;
let room: any;

beforeAll(async () => {
  ann = await newUser('ann');
  room = await newRoom(ann);
});

async function readyAt(path: string) {
  const socket = await ChatSocket.open(path, { token: ann.access });
  return socket.next('ready');
}

test.each([
  ['the path with its trailing slash', (name: string) => `/ws/chat/${name}/`],
  ['the path without it', (name: string) => `/ws/chat/${name}`],
  ['the path with a query', (name: string) => `/ws/chat/${name}/?history=0`],
  ['the path without a slash and with a query', (name: string) => `/ws/chat/${name}?history=0`],
  ['a room in the query of the roomless address', (name: string) => `/ws/chat/?room=${name}`],
  ['a room in the query without the slash', (name: string) => `/ws/chat?room=${name}`],
])('a room opens by %s', async (_, address) => {
  const ready = await readyAt(address(room.room_name));
  expect(ready).toMatchObject({ room_id: room.room_id, room: room.room_name });
});

test('a percent-encoded name is decoded', async () => {
  const encoded = Buffer.from(room.room_name).toString('hex').replace(/../g, '%$&');
  expect(await readyAt(`/ws/chat/${encoded}/`)).toMatchObject({ room_id: room.room_id });
  expect(await readyAt(`/ws/chat/?room=${encoded}`)).toMatchObject({ room_id: room.room_id });
});

test.each(['комната', '部屋', 'غرفة', 'कक्षा', 'straße', 'a.b_c-9'])(
  'a room may be called %s, in the path and in the query',
  async (word) => {
    const name = `${word}.${uniqueName()}`;
    const byPath = await readyAt(`/ws/chat/${encodeURIComponent(name)}/`);
    const byQuery = await readyAt(`/ws/chat/?room=${encodeURIComponent(name)}`);
    expect(byPath).toMatchObject({ room: name });
    expect(byQuery).toMatchObject({ room: name, room_id: byPath['room_id'] });
  },
);

test('a name opens its room regardless of case and Unicode form', async () => {
  const name = `Caf\u00e9.${uniqueName()}`;
  const first = await readyAt(`/ws/chat/${encodeURIComponent(name)}/`);
  for (const other of [name.toUpperCase(), name.toLowerCase(), name.normalize('NFD')]) {
    const again = await readyAt(`/ws/chat/${encodeURIComponent(other)}/`);
    expect(again).toMatchObject({ room_id: first['room_id'], room: name });
  }
});

test.each(['/ws/chat/', '/ws/chat'])('%s opens a socket without a room', async (path) => {
  expect(await readyAt(path)).toEqual({
    type: 'ready',
    user: { id: ann.id, username: ann.username },
    room_id: null,
    room: null,
    head: null,
    heartbeat_seconds: expect.any(Number),
    server_time: expect.any(String),
  });
});

test('a public room that does not exist is created by the user who opens it', async () => {
  const name = uniqueName('made');
  const ready = await readyAt(`/ws/chat/${name}/`);
  expect(ready).toMatchObject({ room: name, head: 0 });
  const made = await call('GET', `/chat/rooms/${ready['room_id']}/`, { token: ann.access });
  expect(made).toMatchObject({
    status: 200,
    body: { room_name: name, creator_id: ann.id, is_private: false, is_direct: false, message_count: 0 },
  });
});

test('a room that several users open at the same time is created once', async () => {
  const users = await newUsers(5);
  const name = uniqueName('rush');
  const readies = await Promise.all(
    users.map(async ({ access }) => {
      const socket = await ChatSocket.open(`/ws/chat/${name}/`, { token: access });
      return socket.next('ready');
    }),
  );
  expect(new Set(readies.map((ready) => ready['room_id'])).size).toBe(1);
});

test('a private room opens for its creator and its members', async () => {
  const bob = await newUser('bob');
  const secret = await newPrivateRoom(ann, bob);
  for (const { access } of [ann, bob]) {
    const socket = await ChatSocket.open(`/ws/chat/${secret.room_name}/`, { token: access });
    expect(await socket.next('ready')).toMatchObject({ room_id: secret.room_id });
  }
});

test('a direct room opens by its name for its two users', async () => {
  const bob = await newUser('bob');
  const direct = await call('GET', `/chat/dm/${bob.id}`, { token: ann.access });
  expect(direct.status).toBe(200);
  for (const { access } of [ann, bob]) {
    const socket = await ChatSocket.open(`/ws/chat/${direct.body.room_name}/`, { token: access });
    expect(await socket.next('ready')).toMatchObject({ room_id: direct.body.room_id });
  }
});
