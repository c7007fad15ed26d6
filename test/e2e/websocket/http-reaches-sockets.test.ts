/** Changes made over HTTP reach the sockets in the room like changes made on a socket. */
import { beforeEach, expect, test } from 'vitest';
import { ChatSocket, like } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import { isoTime, openRoomOfTwo, readHeads } from '../../kit/room-sockets.ts';
import { postMessage } from '../../kit/rooms.ts';
import { newUsers, type TestUser } from '../../kit/users.ts';

let ann: TestUser;
let bob: TestUser;
let room: any;
let sockets: [ChatSocket, ChatSocket];

beforeEach(async () => {
  const opened = await openRoomOfTwo();
  ({ ann, bob, room } = opened);
  sockets = [opened.anns, opened.bobs];
});

test('a message sent over HTTP reaches all sockets in the room', async () => {
  const clientId = uniqueName('c');
  const answer = await call('POST', `/chat/rooms/${room.room_id}/messages/`, {
    token: ann.access,
    body: { content: 'over HTTP', client_id: clientId },
  });
  expect(answer.status).toBe(201);
  const { content, ...rest } = answer.body;
  for (const socket of sockets) {
    expect(await socket.next('chat_message')).toEqual({ type: 'chat_message', message: content, ...rest });
  }
});

test('a message sent over HTTP by a user without a socket reaches the room', async () => {
  const [carl] = (await newUsers(1)) as [TestUser];
  await postMessage(carl, room, 'just passing by');
  for (const socket of sockets) {
    expect(await socket.next('chat_message')).toMatchObject({ sender_id: carl.id, seq: 1 });
  }
});

test('an edit over HTTP reaches all sockets in the room', async () => {
  const { message_id } = await postMessage(ann, room, 'helo');
  const answer = await call('PUT', `/chat/messages/${message_id}/edit/`, {
    token: ann.access,
    body: { content: 'hello' },
  });
  expect(answer.status).toBe(200);
  for (const socket of sockets) {
    expect(await socket.next('message_edited')).toEqual({
      type: 'message_edited',
      message_id,
      room_id: room.room_id,
      seq: 2,
      new_content: 'hello',
      edited_at: answer.body.edited_at,
      sender_id: ann.id,
      sender_username: ann.username,
    });
  }
});

test('a deletion over HTTP reaches all sockets in the room', async () => {
  const { message_id } = await postMessage(ann, room, 'never mind');
  const answer = await call('DELETE', `/chat/messages/${message_id}/delete/`, { token: ann.access });
  expect(answer.status).toBe(204);
  for (const socket of sockets) {
    expect(await socket.next('message_deleted')).toEqual({
      type: 'message_deleted',
      message_id,
      room_id: room.room_id,
      seq: 2,
    });
  }
});

test('a change of the room over HTTP reaches all sockets in the room', async () => {
  const answer = await call('PATCH', `/chat/rooms/${room.room_id}/`, {
    token: ann.access,
    body: { room_name: uniqueName('renamed'), description: 'a new one' },
  });
  expect(answer.status).toBe(200);
  for (const socket of sockets) {
    const event = await socket.next('room_updated');
    expect(event).toMatchObject({
      room_id: room.room_id,
      seq: 1,
      room: {
        room_id: room.room_id,
        room_name: answer.body.room_name,
        description: 'a new one',
        created_at: expect.stringMatching(isoTime),
      },
    });
  }
});

test('a renamed room opens by its new name and continues its log', async () => {
  await postMessage(ann, room, 'before');
  const name = uniqueName('renamed');
  await call('PATCH', `/chat/rooms/${room.room_id}/`, { token: ann.access, body: { room_name: name } });
  const socket = await ChatSocket.inRoom(name, bob.access);
  expect(socket.events[0]).toMatchObject({ room_id: room.room_id, room: name, head: 2 });
});

test('a repeated send over HTTP is published once', async () => {
  const body = { content: 'once', client_id: uniqueName('c') };
  const send = () => call('POST', `/chat/rooms/${room.room_id}/messages/`, { token: ann.access, body });
  const statuses = [(await send()).status, (await send()).status];
  expect(statuses).toEqual([201, 200]);
  await postMessage(ann, room, 'marker');
  for (const socket of sockets) {
    await socket.find(like('chat_message', { message: 'marker' }));
    const told = socket.ofType('chat_message').filter((event) => event['message'] === 'once');
    expect(told).toHaveLength(1);
  }
});

test('a refused request publishes nothing', async () => {
  const { message_id } = await postMessage(ann, room, 'Ann’s');
  for (const socket of sockets) await socket.find(like('chat_message', { message_id }));
  const options = { token: bob.access, body: { content: 'Bob’s' } };
  expect((await call('PATCH', `/chat/messages/${message_id}/edit/`, options)).status).toBe(403);
  expect(
    (await call('PATCH', `/chat/rooms/${room.room_id}/`, { token: bob.access, body: { description: 'x' } }))
      .status,
  ).toBe(403);
  expect(await readHeads(sockets[1])).toEqual({ [room.room_id]: 1 });
  expect(sockets[1].events.at(-2)).toMatchObject({ message_id });
});
